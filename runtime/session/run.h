// A whole run: stages in order, with recovery from a lost device. What the public Session wraps.
#pragma once

#include "impasto/native.h"
#include "impasto/session.h"
#include "network/installed.h"
#include "session/checkpoint.h"
#include "session/estimate.h"
#include "session/shared.h"
#include "session/stage.h"
#include "session/start.h"

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace impasto::session {

// Where a run was at a moment.
struct Moment {
  size_t stage = 0;
  RecoveryPoint point;
};

// A job's pictures as decoded.
struct JobPictures {
  SharedImage content;
  std::vector<SharedImage> styles;
  std::optional<BeforePictures> before;
};

JobPictures load_pictures(const Job& job);

// Every member throws Error, and none leaves a vulkan::Error out.
class Run {
 public:
  Run(const Job& job, const vulkan::DeviceOptions& options);
  // On a device that others use too, so that it is for them to replace it when it is lost. start, when there is one, is what the run
  // begins with instead of what the job says.
  Run(const Job& job, std::shared_ptr<vulkan::Device> device, const Image* start);
  // With pictures that are decoded already, on a device that earlier runs have used and later ones may.
  Run(const Job& job, const vulkan::DeviceOptions& options, JobPictures pictures,
      std::shared_ptr<Shared> shared);

  bool advance();
  void finish();
  const Estimate& estimate() const { return estimate_; }
  Progress progress() const;
  Image image();
  void save(const std::filesystem::path& file, bool overwrite);
  SaveOptions save_options(bool overwrite) const;
  void checkpoint(const std::filesystem::path& file);
  const std::string& note() const { return note_; }
  void steer(const Job& job);
  Snapshot snapshot();
  void go_back(const Snapshot& snapshot);
  NativePicture native_picture() const;

 private:
  using Clock = std::chrono::steady_clock;

  Run(const Job& job, const vulkan::DeviceOptions& options, std::optional<JobPictures> pictures,
      std::shared_ptr<Shared> shared, std::shared_ptr<vulkan::Device> device, const Image* start);
  Engine& engine() const { return *shared_->engine; }
  void plan_run(const std::vector<StageLayout>& before = {});
  bool replan_smaller();
  StageInputs stage_inputs(const Stage& stage) const;
  // before: the end of the stage before, of a picture of that size; a default one when there is none.
  void begin_stage(Image start, const RecoveryPoint& before, PictureSize size_before);
  void prepare_next_stage();
  void resume(Checkpoint checkpoint, Precision asked);
  void next_stage();
  void keep_recovery_point();
  bool checkpoint_due() const;
  double seconds_spent() const;
  void end_rest();
  void note_first_iteration();
  // What an iteration takes a pixel; 0 as long as that is not known.
  double seconds_a_pixel() const;
  void leave_stage();
  void write_recovery_point(const std::filesystem::path& file);
  void catch_up(int iteration);
  void keep_rate_of_stage() const;
  // Throws Error(usage) after ten steps in a row that were not finite; the picture is the last good one.
  void check_steps() const;
  // Opens the device and, once a stage has begun, prepares it at its recovery point, as far as they are not there.
  void rebuild();
  // Runs body on a device that is there; when the device is lost, runs it again on a new one.
  template <typename Body>
  auto surviving(Body body);
  Image with_pixels(std::vector<float> rgb) const;  // of the content's size and opacity
  Image picture(std::vector<float> variable) const;
  double seconds_since(Clock::time_point start) const {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }
  Clock::time_point working_time() const { return resting_since_.value_or(Clock::now()); }
  double seconds_worked_since(Clock::time_point start) const {
    return std::chrono::duration<double>(working_time() - start).count();
  }

  network::FoundModel model_;
  Job job_;  // with the model that was found, and the precision that was chosen
  std::string asked_model_;
  vulkan::DeviceOptions options_;
  std::shared_ptr<vulkan::Device> shared_device_;  // null when the device is the run's own
  network::Network network_;
  PictureSizes sizes_;  // of the files
  std::vector<Stage> stages_;
  JobPictures pictures_;
  std::shared_ptr<Shared> shared_;
  Estimate estimate_;
  size_t stage_ = 0;
  StageInputs inputs_;                    // of this stage
  std::future<StageInputs> next_inputs_;  // resampled while this one runs
  std::unique_ptr<StageRun> run_;
  std::optional<RecoveryPoint> recovery_;
  Clock::time_point recovery_time_;
  std::vector<std::string> fingerprints_;  // of the input files; empty until they are needed
  Clock::time_point checkpoint_time_;
  std::string device_name_;
  std::string driver_;
  double checkpoint_cost_ = 0;    // seconds
  std::string checkpoint_error_;  // of the last one
  std::string note_;
  int recoveries_ = 0;
  int losses_without_progress_ = 0;
  int resumed_at_ = 0;            // iteration of this stage that this process began with
  double seconds_before_ = 0;     // of earlier processes
  int iterations_before_ = 0;     // of the stages that are done, and
  int skipped_steps_before_ = 0;  // theirs
  Clock::time_point begun_;
  Clock::time_point stage_begun_;
  struct Reading {
    int finished;
    Clock::time_point at;
  };
  // The first iterations of this stage that were seen to be finished: what is before them is preparation too.
  std::optional<Reading> first_;
  double seconds_a_pixel_before_ = 0;               // of the stage before; 0: not known
  std::optional<Clock::time_point> resting_since_;  // between finish() and the next advance()
  bool started_ = false;
};

}  // namespace impasto::session
