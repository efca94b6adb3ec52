// Takes a job through its stages and survives lost devices.
#include "session/run.h"

#include "impasto/error.h"
#include "session/edge.h"

#include <algorithm>
#include <numeric>

namespace impasto::session {
namespace {

constexpr int kAhead = 2;                // iterations under way that advance() does not wait for
constexpr int kRecoveryIterations = 20;  // between recovery points, and
constexpr double kRecoverySeconds = 5;   // at least so much time, so that keeping them costs little
constexpr int kMaxLossesWithoutProgress = 3;

double pixels_of(const Image& image) {
  return double(image.width) * image.height;
}

}  // namespace

Run::Run(const Job& job, const vulkan::DeviceOptions& options)
    : model_(network::find_model(job.model)),
      job_(job),
      options_(options),
      stages_(job_stages(job)),
      network_(model_.file),
      content_(load_image(job.content)) {
  job_.model = model_.name;
  for (const StyleInput& style : job.styles) styles_.push_back(load_image(style.file));
  inputs_ = stage_inputs(stages_[0]);
  at_edge([&] { begin_stage(start_image(job_, inputs_.content, inputs_.styles[0])); });
}

StageInputs Run::stage_inputs(const Stage& stage) const {
  StageInputs inputs;
  const Size size = scaled_size(content_, stage.size, stage.side);
  inputs.content = resized(content_, size);
  for (size_t i = 0; i < styles_.size(); i++) {
    inputs.styles.push_back(resized(styles_[i], style_size(job_, stage, size, styles_[i])));
    inputs.style_weights.push_back(job_.styles[i].weight);
  }
  return inputs;
}

template <typename Body>
auto Run::surviving(Body body) {
  for (;;) {
    try {
      rebuild();
      return body();
    } catch (const vulkan::Error& error) {
      if (!error.device_lost()) throw;
      run_.reset();
      engine_.reset();
      if (++losses_without_progress_ > kMaxLossesWithoutProgress) throw;
      recoveries_++;
    }
  }
}

void Run::rebuild() {
  if (!engine_) engine_ = std::make_unique<Engine>(options_, network_, depth_of(network_, job_.recipe));
  if (run_) return;
  auto run = std::make_unique<StageRun>(*engine_, job_.recipe, inputs_, picture(recovery_->image));
  run->restore(*recovery_);
  run_ = std::move(run);
}

void Run::begin_stage(const Image& start) {
  run_.reset();
  std::vector<float> variable(start.rgb);
  for (float& value : variable) value = static_cast<float>(value * job_.recipe.optimizer.variable_range);
  recovery_ = RecoveryPoint{0, std::move(variable), {}, {}};
  recovery_time_ = Clock::now();
  losses_without_progress_ = 0;
  surviving([] {});
  stage_begun_ = Clock::now();
}

void Run::keep_recovery_point() {
  if (run_->submitted() - recovery_->iteration < kRecoveryIterations ||
      seconds_since(recovery_time_) < kRecoverySeconds)
    return;
  recovery_ = run_->save();
  recovery_time_ = Clock::now();
  losses_without_progress_ = 0;
}

void Run::next_stage() {
  const Image before = image();
  iterations_before_ += stages_[stage_].iterations;
  skipped_steps_before_ += run_->report().skipped_steps;
  stage_++;
  inputs_ = stage_inputs(stages_[stage_]);
  begin_stage(resized(before, {inputs_.content.width, inputs_.content.height}));
}

bool Run::advance() {
  return at_edge([&] {
    if (!started_) begun_ = stage_begun_ = Clock::now();
    started_ = true;
    while (run_ && run_->submitted() >= stages_[stage_].iterations && stage_ + 1 < stages_.size())
      next_stage();
    return surviving([&] {
      if (run_->submitted() >= stages_[stage_].iterations) return false;
      keep_recovery_point();
      run_->submit(kAhead);
      return true;
    });
  });
}

// A device that was lost went back to the recovery point: what was submitted since is submitted again.
void Run::catch_up(int iteration) {
  while (run_->submitted() < iteration) run_->submit(kAhead);
  run_->finish();
}

void Run::finish() {
  if (!run_) return;  // a device that could not be brought back has nothing under way
  at_edge([&] {
    const int wanted = run_->submitted();
    surviving([&] { catch_up(wanted); });
    engine_->device().save_pipeline_cache();
  });
}

Image Run::picture(const std::vector<float>& variable) const {
  Image image = inputs_.content;
  for (size_t i = 0; i < variable.size(); i++)
    image.rgb[i] = static_cast<float>(variable[i] / job_.recipe.optimizer.variable_range);
  return image;
}

Image Run::image() {
  if (!run_) return picture(recovery_->image);
  return at_edge([&] {
    const int wanted = run_->submitted();
    Image image = inputs_.content;
    surviving([&] {
      catch_up(wanted);
      image.rgb = run_->image();
    });
    return image;
  });
}

Progress Run::progress() const {
  Progress progress;
  progress.iterations = std::accumulate(stages_.begin(), stages_.end(), 0,
                                        [](int sum, const Stage& stage) { return sum + stage.iterations; });
  progress.scale = static_cast<int>(stage_);
  progress.scales = static_cast<int>(stages_.size());
  progress.width = inputs_.content.width;
  progress.height = inputs_.content.height;
  progress.model = network_.title();
  progress.model_advice = model_.advice;
  progress.recoveries = recoveries_;
  progress.iteration = progress.submitted = iterations_before_ + recovery_->iteration;
  progress.skipped_steps = skipped_steps_before_ + recovery_->report.skipped_steps;
  progress.losses = recovery_->report.losses;
  if (!run_) return progress;
  try {
    run_->poll();
  } catch (const vulkan::Error&) {
    // What is known by now stands; whoever needs the device next meets the error.
  }
  const int finished = run_->finished();
  const StageReport report = run_->report();
  progress.iteration = iterations_before_ + finished;
  progress.submitted = iterations_before_ + run_->submitted();
  progress.losses = report.losses;
  progress.skipped_steps = skipped_steps_before_ + report.skipped_steps;
  progress.device = engine_->device().caps().name;
  progress.device_bytes = engine_->device().peak_bytes();
  if (!started_) return progress;
  progress.seconds = seconds_since(begun_);
  const double in_stage = seconds_since(stage_begun_);
  if (finished == 0 || in_stage <= 0) return progress;
  progress.iterations_per_second = finished / in_stage;
  // An iteration costs what its pixels cost.
  const double per_pixel = in_stage / finished / pixels_of(inputs_.content);
  progress.eta_seconds = (stages_[stage_].iterations - finished) * per_pixel * pixels_of(inputs_.content);
  for (size_t i = stage_ + 1; i < stages_.size(); i++) {
    const Size size = scaled_size(content_, stages_[i].size, stages_[i].side);
    progress.eta_seconds += stages_[i].iterations * per_pixel * size.width * size.height;
  }
  return progress;
}

void Run::save(const std::filesystem::path& file, bool overwrite) {
  SaveOptions options;
  options.overwrite = overwrite;
  options.metadata["impasto"] = job_to_json(job_);
  options.metadata["network"] = network_.title() + (model_.advice.empty() ? "" : " (" + model_.advice + ")");
  save_image(file, image(), options);
}

}  // namespace impasto::session
