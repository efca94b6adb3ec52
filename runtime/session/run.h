// A whole run: stages in order, with recovery from a lost device. What the public Session wraps.
#pragma once

#include "impasto/session.h"
#include "network/installed.h"
#include "session/stage.h"
#include "session/start.h"

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace impasto::session {

// Every member throws Error, and none leaves a vulkan::Error out.
class Run {
 public:
  Run(const Job& job, const vulkan::DeviceOptions& options);

  bool advance();
  void finish();
  Progress progress() const;
  Image image();
  void save(const std::filesystem::path& file, bool overwrite);

 private:
  using Clock = std::chrono::steady_clock;

  StageInputs stage_inputs(const Stage& stage) const;
  void begin_stage(const Image& start);
  void next_stage();
  void keep_recovery_point();
  void catch_up(int iteration);
  // Opens the device and prepares the stage at its recovery point, as far as they are not there.
  void rebuild();
  // Runs body on a device that is there; when the device is lost, runs it again on a new one.
  template <typename Body>
  auto surviving(Body body);
  Image picture(const std::vector<float>& rgb) const;
  double seconds_since(Clock::time_point start) const {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

  network::FoundModel model_;
  Job job_;  // with the model that was found
  vulkan::DeviceOptions options_;
  std::vector<Stage> stages_;
  network::Network network_;
  Image content_;  // as decoded
  std::vector<Image> styles_;
  std::unique_ptr<Engine> engine_;
  size_t stage_ = 0;
  StageInputs inputs_;  // of this stage
  std::unique_ptr<StageRun> run_;
  std::optional<RecoveryPoint> recovery_;
  Clock::time_point recovery_time_;
  int recoveries_ = 0;
  int losses_without_progress_ = 0;
  int iterations_before_ = 0;     // of the stages that are done, and
  int skipped_steps_before_ = 0;  // theirs
  Clock::time_point begun_;
  Clock::time_point stage_begun_;
  bool started_ = false;
};

}  // namespace impasto::session
