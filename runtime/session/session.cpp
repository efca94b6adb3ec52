// The public session: a run behind a pointer.
#include "impasto/session.h"

#include "session/edge.h"
#include "session/run.h"

#include <algorithm>
#include <utility>

namespace impasto {
namespace {

// The weights of rows that are of the same layers.
void copy_weights(const std::vector<LayerWeight>& from, std::vector<LayerWeight>& to) {
  for (size_t i = 0; i < std::min(from.size(), to.size()); i++)
    if (from[i].layer == to[i].layer) to[i].weight = from[i].weight;
}

}  // namespace

bool can_steer(const Job& from, const Job& to) {
  Job steered = from;
  steered.recipe.optimizer.learning_rate = to.recipe.optimizer.learning_rate;
  steered.recipe.content_weight = to.recipe.content_weight;
  steered.recipe.style_weight = to.recipe.style_weight;
  steered.recipe.tv_weight = to.recipe.tv_weight;
  steered.style_strength = to.style_strength;
  copy_weights(to.recipe.content_layers, steered.recipe.content_layers);
  copy_weights(to.recipe.style_layers, steered.recipe.style_layers);
  for (size_t i = 0; i < std::min(to.styles.size(), steered.styles.size()); i++)
    steered.styles[i].weight = to.styles[i].weight;
  return steered == to;
}

Session::Session(const Job& job)
    : run_(session::at_edge([&] {
        return std::make_unique<session::Run>(checked_job(job), session::device_options(job.device));
      })) {}
Session::Session(std::unique_ptr<session::Run> run) : run_(std::move(run)) {}
Session::Session(const Job& job, const NativeDevice& device, const Image* start)
    : run_(session::at_edge(
          [&] { return std::make_unique<session::Run>(checked_job(job), device.device_, start); })) {}
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

void Session::steer(const Job& job) {
  run_->steer(job);
}
Snapshot Session::snapshot() {
  return run_->snapshot();
}
void Session::go_back(const Snapshot& snapshot) {
  run_->go_back(snapshot);
}
NativePicture Session::native_picture() const {
  return run_->native_picture();
}

}  // namespace impasto
