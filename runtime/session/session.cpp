// The public session: a run behind a pointer.
#include "impasto/session.h"

#include "session/edge.h"
#include "session/run.h"

#include <utility>

namespace impasto {

Session::Session(const Job& job)
    : run_(session::at_edge([&] {
        return std::make_unique<session::Run>(checked_job(job), session::device_options(job.device));
      })) {}
Session::Session(std::unique_ptr<session::Run> run) : run_(std::move(run)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

bool Session::advance() {
  return run_->advance();
}
void Session::finish() {
  run_->finish();
}
Progress Session::progress() const {
  return run_->progress();
}
Image Session::image() {
  return run_->image();
}
void Session::save(const std::filesystem::path& file, bool overwrite) {
  run_->save(file, overwrite);
}

}  // namespace impasto
