// One stage on one device: the objective and the optimiser at a size, recorded once and submitted every iteration.
#pragma once

#include "impasto/session.h"
#include "optimizer/optimizer.h"
#include "plan/objective.h"
#include "session/engine.h"
#include "vulkan/queue.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

namespace impasto::session {

// The pictures of a stage, on the host, so that the stage can be built again on another device.
struct StageInputs {
  Image content;
  std::vector<Image> styles;
  std::vector<double> style_weights;
};

// Everything that the iterations to come depend on: restoring it restores their bits.
struct RecoveryPoint {
  int iteration = 0;         // of this stage
  std::vector<float> image;  // height × width × 3, variable_range·x
  std::vector<std::vector<std::byte>> optimizer;
};

class StageRun {
 public:
  // Computes the targets, plans and records. `start` is a picture of the content's size.
  StageRun(Engine& engine, const Recipe& recipe, const StageInputs& inputs, const Image& start);
  StageRun(const StageRun&) = delete;
  StageRun& operator=(const StageRun&) = delete;

  // One iteration more; waits while more than `ahead` are under way.
  void submit(int ahead);
  void finish();
  int submitted() const { return submitted_; }
  int finished();  // never waits

  Losses losses();             // of the last finished iteration
  int skipped_steps();         // waits
  std::vector<float> image();  // waits; height × width × 3 in [0,1] of a usual picture

  // What one iteration costs by kind of kernel; runs one, waiting after each kernel where the device has no clock to trust.
  std::vector<vulkan::KindTime> kernel_times();

  RecoveryPoint save();  // waits
  void restore(const RecoveryPoint& point);

 private:
  vulkan::Recording record(const vulkan::RecorderOptions& options) const;
  void read_finished();

  Engine* engine_;
  Recipe recipe_;
  std::vector<std::unique_ptr<vulkan::Buffer>> content_;
  std::unique_ptr<plan::Objective> objective_;
  std::unique_ptr<Optimizer> optimizer_;
  vulkan::Buffer state_;  // the iteration counter
  vulkan::Buffer ring_;
  vulkan::Queue queue_;
  std::unique_ptr<vulkan::Recording> recording_;
  std::deque<vulkan::Ticket> under_way_;
  int submitted_ = 0;
  int finished_ = 0;
};

// The losses that a report's totals hold.
Losses losses_of(const std::vector<plan::Term>& terms, const float* totals, double variable_range);

}  // namespace impasto::session
