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
const Estimate& Session::estimate() const {
  return run_->estimate();
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

void Session::checkpoint(const std::filesystem::path& file) {
  run_->checkpoint(file);
}
const std::string& Session::note() const {
  return run_->note();
}

CheckpointInfo read_checkpoint(const std::filesystem::path& file) {
  session::Checkpoint checkpoint = session::load_checkpoint(file);
  CheckpointInfo info;
  const std::vector<Stage> stages = job_stages(checkpoint.job, checkpoint.content_side);
  for (size_t i = 0; i < stages.size(); ++i) {
    info.iterations += stages[i].iterations;
    if (i < size_t(checkpoint.stage)) info.iteration += stages[i].iterations;
  }
  info.iteration += checkpoint.point.iteration;
  info.width = checkpoint.size.width;
  info.height = checkpoint.size.height;
  info.device = std::move(checkpoint.device);
  info.driver = std::move(checkpoint.driver);
  info.build = std::move(checkpoint.build);
  info.job = std::move(checkpoint.job);
  info.job.resume = file;
  return info;
}

}  // namespace impasto
