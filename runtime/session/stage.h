// One stage on one device: the objective and the optimiser at a size, recorded once and submitted every iteration.
#pragma once

#include "impasto/session.h"
#include "optimizer/average.h"
#include "optimizer/optimizer.h"
#include "plan/objective.h"
#include "session/engine.h"
#include "session/grams.h"
#include "session/stage_plan.h"
#include "session/start.h"
#include "vulkan/queue.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace impasto::session {

// The pictures of a stage, on the host, so that the stage can be built again on another device.
struct StageInputs {
  SharedImage content;
  std::vector<SharedImage> styles;
  std::vector<double> style_weights;
  std::optional<Guide> guide{};           // of a job with a frame before
  GramCache* grams = nullptr;             // where the styles' statistics are kept
  std::vector<std::string> style_keys{};  // under these names: everything that they depend on
};

// What an iteration left behind for people.
struct StageReport {
  Losses losses;
  int skipped_steps = 0;  // of this stage so far
  int failing_steps = 0;  // of those, the last in a row
};

// Device memory that the iterations to come depend on, as words whatever they mean.
struct StateBlock {
  std::string name;
  std::vector<float> values;
};

// Everything that the iterations to come depend on: restoring it restores their bits.
struct RecoveryPoint {
  int iteration = 0;              // of this stage
  std::vector<float> image;       // height × width × 3, variable_range·x
  std::vector<StateBlock> state;  // none: that of a stage's beginning
  StageReport report{};           // of that iteration

  // What people see of it: the average of the steps where there is one, else the image.
  const std::vector<float>& shown() const;
};

// The beginning of a stage with that picture.
RecoveryPoint start_point(Image start, const Recipe& recipe);

class StageRun {
 public:
  // Computes the targets, plans and records. Has no picture before the first restore().
  StageRun(Engine& engine, const Recipe& recipe, const StageInputs& inputs, const StageLayout& layout);
  StageRun(const StageRun&) = delete;
  StageRun& operator=(const StageRun&) = delete;

  // One iteration more; waits while more than `ahead` are under way.
  void submit(int ahead);
  void finish();
  void poll();  // notices what has finished; never waits
  int submitted() const { return submitted_; }
  int finished() const { return finished_; }  // as far as noticed

  StageReport report() const;  // of the last iteration that is known to be finished
  std::vector<float> image();  // waits; what is shown: height × width × 3 in [0,1] of a usual picture

  // Weights and learning rate of this recipe, and shares of the styles, from the next iteration on; layers and everything else are
  // the stage's own. L-BFGS forgets its history when the objective becomes another one, because that is of the old one. Waits.
  void steer(const Recipe& recipe, const std::vector<double>& style_weights);

  // What is shown, where the device has it.
  std::shared_ptr<const vulkan::Buffer> picture() const {
    return average_ ? average_->picture() : objective_->picture();
  }

  // What one iteration costs by kind of kernel; runs one, waiting after each kernel where the device has no clock to trust.
  std::vector<vulkan::KindTime> kernel_times();

  RecoveryPoint save();  // waits
  // Whether restore() may be given the point: for one that is read from a file.
  bool accepts(const RecoveryPoint& point) const;
  void restore(const RecoveryPoint& point);

  // Lets the optimiser go on from the end of another stage, of a picture of that size. Only before the first step.
  void go_on_from(const RecoveryPoint& point, PictureSize size);

 private:
  vulkan::Recording record(const vulkan::RecorderOptions& options) const;
  // What a recovery point holds besides the picture; the optimiser's regions first.
  std::vector<std::pair<std::string, vulkan::Region>> state_regions() const;
  int report_words() const { return objective_->total_count() + 2; }

  void cut_finer();

  Engine* engine_;
  Recipe recipe_;
  std::vector<plan::Grams> style_grams_;
  std::vector<double> style_weights_;
  double segment_flops_;
  PictureSize size_;
  std::unique_ptr<plan::Objective> objective_;
  std::unique_ptr<Optimizer> optimizer_;
  std::optional<Average> average_;
  vulkan::Buffer state_;  // the iteration counter
  vulkan::Buffer
      report_;  // of the iteration under way: the totals, then the steps that were skipped and that fail in a row
  vulkan::Buffer ring_;
  std::unique_ptr<vulkan::Recording> recording_;
  std::deque<vulkan::Ticket> under_way_;
  int submitted_ = 0;
  int finished_ = 0;
  int restored_ = 0;             // the iteration that this device began with, and
  StageReport restored_report_;  // what is known of it: the ring begins after it
  vulkan::Queue queue_;          // last, so that it waits before anything that is under way goes
};

// The losses that a report's totals hold.
Losses losses_of(const std::vector<plan::Term>& terms, const float* totals, double variable_range);

}  // namespace impasto::session
