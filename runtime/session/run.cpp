// Takes a job through its stages and survives lost devices.
#include "session/run.h"

#include "impasto/error.h"
#include "plan/cost.h"
#include "session/edge.h"
#include "session/rates.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace impasto::session {
namespace {

constexpr int kAhead = 2;                  // iterations under way that advance() does not wait for
constexpr int kRecoveryIterations = 20;    // between recovery points, and
constexpr double kRecoverySeconds = 5;     // at least so much time, so that keeping them costs little
constexpr double kCheckpointShare = 0.05;  // of the time, that writing checkpoints may take
constexpr int kMaxLossesWithoutProgress = 3;
constexpr int kMaxFailingSteps = 10;
constexpr int kRateIterations = 10;  // that a stage must have run to tell how fast the device is, and
constexpr double kRateSeconds = 3;   // at least so long

StageLayout layout_of(const StageEstimate& stage) {
  return {{stage.tile, stage.deep_tile, stage.parting}, stage.optimizer_on_host};
}

std::vector<StageLayout> layouts_of(const Estimate& estimate) {
  std::vector<StageLayout> layouts;
  for (const StageEstimate& stage : estimate.stages) layouts.push_back(layout_of(stage));
  return layouts;
}

double pixels_of(const Image& image) {
  return double(image.width) * image.height;
}

// Points of a run's own always fit.
[[noreturn]] void refuse_state(const std::filesystem::path& file) {
  throw Error(
      ErrorKind::input,
      fmt::format("{}: its state does not fit this run on this device; go on where it was written, or start "
                  "the run anew",
                  file.string()));
}

// Everything that a style's Gram matrices depend on but the tiles they are summed over.
std::string style_key(const Job& job, const std::filesystem::path& model, size_t style,
                      const Image& resized) {
  Recipe recipe = job.recipe;
  recipe.content_layers.clear();
  recipe.stages.clear();
  recipe.content_weight = recipe.style_weight = recipe.tv_weight = recipe.temporal_weight = 0;
  recipe.optimizer = {};
  recipe.optimizer.variable_range = job.recipe.optimizer.variable_range;
  return fmt::format("{}\n{}\n{}\n{}x{}\n{}", recipe_to_json(recipe), model.string(),
                     job.styles[style].file.string(), resized.width, resized.height,
                     precision_text(element_of(job.precision)));
}

}  // namespace

JobPictures load_pictures(const Job& job) {
  const auto load = [](const std::filesystem::path& file) {
    return std::make_shared<const Image>(load_image(file));
  };
  JobPictures pictures{load(job.content), {}, {}};
  for (const StyleInput& style : job.styles) pictures.styles.push_back(load(style.file));
  if (!job.before.result.empty()) pictures.before = load_before(job.before, *pictures.content);
  return pictures;
}

Run::Run(const Job& job, const vulkan::DeviceOptions& options)
    : Run(job, options, std::nullopt, std::make_shared<Shared>(), nullptr, nullptr) {}

Run::Run(const Job& job, std::shared_ptr<vulkan::Device> device, const Image* start)
    : Run(job, {}, std::nullopt, std::make_shared<Shared>(), std::move(device), start) {}

Run::Run(const Job& job, const vulkan::DeviceOptions& options, JobPictures pictures,
         std::shared_ptr<Shared> shared)
    : Run(job, options, std::move(pictures), std::move(shared), nullptr, nullptr) {}

Run::Run(const Job& job, const vulkan::DeviceOptions& options, std::optional<JobPictures> pictures,
         std::shared_ptr<Shared> shared, std::shared_ptr<vulkan::Device> device, const Image* start)
    : model_(network::find_model(job.model)),
      job_(job),
      asked_model_(job.model),
      options_(with_budget(options, job)),
      shared_device_(std::move(device)),
      network_(model_.file),
      sizes_(job_sizes(job)),
      stages_(job_stages(job, std::max(sizes_.content.width, sizes_.content.height))),
      shared_(std::move(shared)) {
  job_.model = model_.name;
  at_edge([&] { plan_run(); });
  pictures_ = pictures ? *std::move(pictures) : load_pictures(job);
  at_edge([&] {
    if (!job.resume.empty()) return resume(load_checkpoint(job.resume), job.precision);
    inputs_ = stage_inputs(stages_[0]);
    const Image& content = *inputs_.content;
    begin_stage(start != nullptr                     ? resized(*start, size_of(content))
                : inputs_.guide && job_.init.empty() ? guided_start(*inputs_.guide, content)
                                                     : start_image(job_, content, *inputs_.styles[0]),
                {}, {});
  });
  checkpoint_time_ = Clock::now();
}

StageInputs Run::stage_inputs(const Stage& stage) const {
  StageInputs inputs;
  const Size size = scaled_size(size_of(*pictures_.content), stage.size, stage.side);
  inputs.content = resized(pictures_.content, size);
  if (pictures_.before) inputs.guide = guide_at(*pictures_.before, size);
  for (size_t i = 0; i < pictures_.styles.size(); i++) {
    const SharedImage& style = pictures_.styles[i];
    inputs.styles.push_back(resized(style, style_size(job_, stage, size, size_of(*style))));
    inputs.style_keys.push_back(style_key(job_, model_.file, i, *inputs.styles[i]));
    inputs.style_weights.push_back(job_.styles[i].weight);
  }
  inputs.grams = &shared_->grams;
  return inputs;
}

template <typename Body>
auto Run::surviving(Body body) {
  for (;;) {
    try {
      rebuild();
      return body();
    } catch (const vulkan::Error& error) {
      if (error.out_of_memory() && replan_smaller()) continue;
      if (!error.device_lost()) throw;
      run_.reset();
      shared_->lose_device();
      if (shared_device_ || ++losses_without_progress_ > kMaxLossesWithoutProgress) throw;
      recoveries_++;
    }
  }
}

void Run::plan_run(const std::vector<StageLayout>& before) {
  surviving([&] { estimate_ = session::estimate(job_, sizes_, *shared_->device, network_, before); });
  job_.precision = estimate_.precision;
}

// Somebody else has taken memory that was free when the run was planned. False when nothing smaller can be planned.
bool Run::replan_smaller() {
  if (!shared_->device || estimate_.stages.empty()) return false;
  Job smaller = job_;
  smaller.memory_budget = estimate_.stages[stage_].device_bytes / 4 * 3;
  try {
    estimate_ = session::estimate(smaller, sizes_, *shared_->device, network_);
  } catch (const Error&) {
    return false;
  }
  run_.reset();
  return true;
}

void Run::rebuild() {
  if (!shared_->device)
    shared_->device = shared_device_ ? shared_device_ : std::make_shared<vulkan::Device>(options_);
  device_name_ = shared_->device->caps().name;
  driver_ = shared_->device->caps().driver;
  if (run_ || !recovery_) return;
  shared_->prepare(network_, depth_of(network_, job_.recipe), element_of(job_.precision));
  auto run =
      std::make_unique<StageRun>(engine(), job_recipe(job_), inputs_, layout_of(estimate_.stages[stage_]));
  if (!run->accepts(*recovery_)) refuse_state(job_.resume);
  run->restore(*recovery_);
  run_ = std::move(run);
}

void Run::begin_stage(Image start, const RecoveryPoint& before, PictureSize size_before) {
  recovery_ = start_point(std::move(start), job_.recipe);
  recovery_->report.losses = before.report.losses;
  recovery_time_ = Clock::now();
  losses_without_progress_ = 0;
  resumed_at_ = 0;
  surviving([&] {
    if (before.state.empty() || !recovery_->state.empty()) return;
    run_->go_on_from(before, size_before);
    recovery_ = run_->save();
  });
  prepare_next_stage();
  stage_begun_ = working_time();
}

void Run::prepare_next_stage() {
  if (stage_ + 1 < stages_.size())
    next_inputs_ =
        std::async(std::launch::async, [this, next = stages_[stage_ + 1]] { return stage_inputs(next); });
}

void Run::resume(Checkpoint checkpoint, Precision asked) {
  Precision& begun_in = checkpoint.job.precision;
  if (begun_in == Precision::automatic) begun_in = Precision::fp32;  // as files from before it was kept are
  if (asked == Precision::automatic) job_.precision = begun_in;
  fingerprints_ = fingerprints(job_, model_.file);
  check_same_run(job_, fingerprints_, checkpoint);
  plan_run(checkpoint.layouts);
  stage_ = static_cast<size_t>(checkpoint.stage);
  for (size_t i = 0; i < stage_; i++) iterations_before_ += stages_[i].iterations;
  skipped_steps_before_ = checkpoint.skipped_steps_before;
  seconds_before_ = checkpoint.seconds;
  resumed_at_ = checkpoint.point.iteration;
  inputs_ = stage_inputs(stages_[stage_]);
  if (checkpoint.size != size_of(*inputs_.content)) refuse_state(job_.resume);
  recovery_ = std::move(checkpoint.point);
  recovery_time_ = Clock::now();
  surviving([] {});
  prepare_next_stage();
  const vulkan::Caps& caps = engine().device().caps();
  if (checkpoint.device != caps.name || checkpoint.driver != caps.driver || checkpoint.build != build_name())
    note_ = fmt::format(
        "{} was written on {} ({}) by {}; this run goes on on {} ({}) with {}, so its bits may differ",
        job_.resume.string(), checkpoint.device, checkpoint.driver, checkpoint.build, caps.name, caps.driver,
        build_name());
}

void Run::keep_recovery_point() {
  const int since = run_->submitted() - recovery_->iteration;
  const bool to_file = since > 0 && checkpoint_due();
  if (!to_file && (since < kRecoveryIterations || seconds_since(recovery_time_) < kRecoverySeconds)) return;
  recovery_ = run_->save();
  recovery_time_ = Clock::now();
  losses_without_progress_ = 0;
  if (!to_file) return;
  try {
    write_recovery_point(job_.checkpoint);
    checkpoint_error_.clear();
  } catch (const Error& error) {
    checkpoint_error_ = error.what();  // a disk that is full for a while is no reason to stop
  }
  checkpoint_time_ = Clock::now();
  checkpoint_cost_ = seconds_since(recovery_time_);
}

bool Run::checkpoint_due() const {
  if (job_.checkpoint.empty()) return false;
  if (job_.checkpoint_seconds == 0) return true;
  return seconds_since(checkpoint_time_) >=
         std::max(job_.checkpoint_seconds, checkpoint_cost_ / kCheckpointShare);
}

void Run::write_recovery_point(const std::filesystem::path& file) {
  if (fingerprints_.empty()) fingerprints_ = fingerprints(job_, model_.file);
  Checkpoint checkpoint{job_,
                        fingerprints_,
                        static_cast<int>(stage_),
                        skipped_steps_before_,
                        seconds_spent(),
                        std::max(pictures_.content->width, pictures_.content->height),
                        device_name_,
                        driver_,
                        build_name(),
                        layouts_of(estimate_),
                        size_of(*inputs_.content),
                        *recovery_};
  write_checkpoint(file, checkpoint);
}

void Run::checkpoint(const std::filesystem::path& file) {
  if (run_) {
    at_edge([&] {
      const int wanted = run_->submitted();
      surviving([&] {
        catch_up(wanted);
        recovery_ = run_->save();
      });
    });
    recovery_time_ = Clock::now();
  }
  write_recovery_point(file);
}

double Run::seconds_spent() const {
  return seconds_before_ + (started_ ? seconds_worked_since(begun_) : 0);
}

void Run::next_stage() {
  const Image before = image();
  surviving([&] {
    catch_up(stages_[stage_].iterations);
    recovery_ = run_->save();
  });
  const RecoveryPoint last = *std::move(recovery_);
  StageInputs next = next_inputs_.get();
  leave_stage();
  iterations_before_ += stages_[stage_].iterations;
  skipped_steps_before_ += last.report.skipped_steps;
  inputs_ = std::move(next);
  for (size_t i = 0; i < job_.styles.size(); i++) inputs_.style_weights[i] = job_.styles[i].weight;
  stage_++;
  begin_stage(resized(before, size_of(*inputs_.content)), last, {before.width, before.height});
}

bool Run::advance() {
  return at_edge([&] {
    end_rest();
    if (!started_) begun_ = stage_begun_ = Clock::now();
    started_ = true;
    while (run_ && run_->submitted() >= stages_[stage_].iterations && stage_ + 1 < stages_.size())
      next_stage();
    return surviving([&] {
      if (run_->submitted() >= stages_[stage_].iterations) return false;
      keep_recovery_point();
      run_->submit(kAhead);
      note_first_iteration();
      check_steps();
      return true;
    });
  });
}

void Run::check_steps() const {
  if (run_->report().failing_steps < kMaxFailingSteps) return;
  throw Error(ErrorKind::usage,
              fmt::format("the gradient was not finite {} times in a row, with steps halved each time; lower "
                          "--learning-rate or the weights",
                          kMaxFailingSteps));
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
    note_first_iteration();
    engine().device().save_pipeline_cache();
    keep_rate_of_stage();
    resting_since_ = working_time();
    check_steps();
  });
}

// A run that its caller pauses is not a slow one: what was begun seems to have begun later.
void Run::end_rest() {
  if (!resting_since_) return;
  const Clock::duration rest = Clock::now() - *std::exchange(resting_since_, std::nullopt);
  begun_ += rest;
  stage_begun_ += rest;
  if (first_) first_->at += rest;
}

void Run::note_first_iteration() {
  if (!first_ && run_->finished() > resumed_at_) first_ = {run_->finished(), working_time()};
}

double Run::seconds_a_pixel() const {
  const int finished = run_->finished(), done = finished - resumed_at_;
  const double pixels = pixels_of(*inputs_.content);
  if (first_ && finished > first_->finished)
    return seconds_worked_since(first_->at) / (finished - first_->finished) / pixels;
  if (seconds_a_pixel_before_ > 0 || done < 2) return seconds_a_pixel_before_;
  return seconds_worked_since(stage_begun_) / done / pixels;
}

void Run::leave_stage() {
  if (run_) seconds_a_pixel_before_ = seconds_a_pixel();
  run_.reset();
  first_.reset();
}

// Short stages say little.
void Run::keep_rate_of_stage() const {
  const int finished = run_->finished();
  if (!first_ || finished - first_->finished < kRateIterations ||
      seconds_worked_since(first_->at) < kRateSeconds)
    return;
  const StageEstimate& stage = estimate_.stages[stage_];
  const double flops = plan::iteration_flops(engine().weights(), job_.recipe, stage.height, stage.width,
                                             layout_of(stage).tiling);
  const double seconds = seconds_a_pixel() * pixels_of(*inputs_.content);
  keep_rate(cache_directory(), engine().device().caps(), rate_name(estimate_), flops / seconds, flops);
}

Image Run::with_pixels(std::vector<float> rgb) const {
  const Image& content = *inputs_.content;
  return {content.width, content.height, std::move(rgb), content.alpha};
}

Image Run::picture(std::vector<float> variable) const {
  for (float& value : variable) value = static_cast<float>(value / job_.recipe.optimizer.variable_range);
  return with_pixels(std::move(variable));
}

Image Run::image() {
  if (!run_) return picture(recovery_->shown());
  return at_edge([&] {
    const int wanted = run_->submitted();
    return with_pixels(surviving([&] {
      catch_up(wanted);
      return run_->image();
    }));
  });
}

Progress Run::progress() const {
  Progress progress;
  progress.iterations = std::accumulate(stages_.begin(), stages_.end(), 0,
                                        [](int sum, const Stage& stage) { return sum + stage.iterations; });
  progress.scale = static_cast<int>(stage_);
  progress.scales = static_cast<int>(stages_.size());
  progress.width = inputs_.content->width;
  progress.height = inputs_.content->height;
  progress.model = network_.title();
  progress.model_advice = model_.advice;
  progress.recoveries = recoveries_;
  progress.iteration = progress.submitted = iterations_before_ + recovery_->iteration;
  progress.skipped_steps = skipped_steps_before_ + recovery_->report.skipped_steps;
  progress.losses = recovery_->report.losses;
  progress.seconds = seconds_spent();
  progress.device = device_name_;
  progress.checkpoint_error = checkpoint_error_;
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
  progress.device_bytes = engine().device().peak_bytes();
  if (!started_) return progress;
  const double each = seconds_a_pixel();
  if (each <= 0) return progress;
  const double pixels = pixels_of(*inputs_.content);
  progress.iterations_per_second = 1 / (each * pixels);
  progress.eta_seconds = (stages_[stage_].iterations - finished) * each * pixels;
  for (size_t i = stage_ + 1; i < stages_.size(); i++) {
    const Size size = scaled_size(size_of(*pictures_.content), stages_[i].size, stages_[i].side);
    progress.eta_seconds += stages_[i].iterations * each * size.width * size.height;
  }
  return progress;
}

SaveOptions Run::save_options(bool overwrite) const {
  SaveOptions options;
  options.overwrite = overwrite;
  Job settings = job_;  // that decide the picture: one that was stopped on its way is the same
  settings.overwrite = false;
  settings.checkpoint.clear();
  settings.checkpoint_seconds = Job{}.checkpoint_seconds;
  settings.resume.clear();
  options.metadata["impasto"] = job_to_json(settings);
  options.metadata["network"] = network_.title() + (model_.advice.empty() ? "" : " (" + model_.advice + ")");
  return options;
}

void Run::save(const std::filesystem::path& file, bool overwrite) {
  save_image(file, image(), save_options(overwrite));
}

void Run::steer(const Job& job) {
  Job wanted = checked_job(job);
  if (wanted.model == asked_model_) wanted.model = job_.model;
  if (wanted.precision == Precision::automatic) wanted.precision = job_.precision;
  wanted.resume = job_.resume;  // which has done its part
  if (!can_steer(job_, wanted))
    throw Error(ErrorKind::usage,
                "only weights, shares of styles and the learning rate can change during a run");
  if (wanted == job_) return;
  for (size_t i = 0; i < job.styles.size(); i++) inputs_.style_weights[i] = wanted.styles[i].weight;
  if (next_inputs_.valid()) next_inputs_.wait();  // reads the job
  job_ = wanted;
  if (!run_) return;  // what is built next is built from these
  at_edge([&] {
    const int reached = run_->submitted();
    surviving([&] {
      catch_up(reached);
      run_->steer(job_recipe(job_), inputs_.style_weights);
      recovery_ = run_->save();
    });
    recovery_time_ = Clock::now();
  });
}

Snapshot Run::snapshot() {
  if (run_)
    at_edge([&] {
      const int wanted = run_->submitted();
      surviving([&] {
        catch_up(wanted);
        recovery_ = run_->save();
      });
      recovery_time_ = Clock::now();
    });
  Snapshot snapshot;
  snapshot.iteration = iterations_before_ + recovery_->iteration;
  snapshot.picture = picture(recovery_->shown());
  snapshot.losses = recovery_->report.losses;
  snapshot.moment = std::make_shared<const Moment>(Moment{stage_, *recovery_});
  return snapshot;
}

void Run::go_back(const Snapshot& snapshot) {
  const Moment& moment = *snapshot.moment;
  leave_stage();
  stage_ = moment.stage;
  iterations_before_ = std::accumulate(stages_.begin(), stages_.begin() + std::ptrdiff_t(stage_), 0,
                                       [](int sum, const Stage& stage) { return sum + stage.iterations; });
  inputs_ = stage_inputs(stages_[stage_]);
  recovery_ = moment.point;
  resumed_at_ = recovery_->iteration;
  recovery_time_ = Clock::now();
  stage_begun_ = working_time();
  at_edge([&] { surviving([] {}); });
  prepare_next_stage();
}

NativePicture Run::native_picture() const {
  struct Kept {
    std::shared_ptr<vulkan::Device> device;
    std::shared_ptr<const vulkan::Buffer> buffer;
  };
  if (!run_) return {};
  const auto kept = std::make_shared<Kept>(Kept{engine().shared_device(), run_->picture()});
  return {kept->buffer->handle(),
          0,
          kept->buffer->bytes(),
          inputs_.content->width,
          inputs_.content->height,
          static_cast<float>(job_.recipe.optimizer.variable_range),
          kept};
}

}  // namespace impasto::session
