// Moves a flat vector of floats downhill, entirely on the device: recorded once, submitted every iteration.
//
// Whatever changes from step to step (the count of steps, the history, whether a pair was kept) is in device memory, so nothing is
// read back. Sums are taken in a fixed order: the same start gives the same bits.
#pragma once

#include "impasto/image.h"
#include "impasto/recipe.h"
#include "kernels/library.h"
#include "optimizer/parameters.h"
#include "optimizer/push.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace impasto {

// Bytes of each buffer that make_optimizer will allocate, and of all; the first kOptimizerControls are always the device's.
constexpr size_t kOptimizerControls = 2;
std::vector<uint64_t> optimizer_buffers(const vulkan::Caps& caps, const OptimizerConvention& convention,
                                        int64_t elements);
uint64_t optimizer_bytes(const vulkan::Caps& caps, const OptimizerConvention& convention, int64_t elements);

class Optimizer {
 public:
  explicit Optimizer(vulkan::Device& device, double learning_rate) : parameters_(device, learning_rate) {}
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  // One step, in place. variable, gradient: `elements` floats, the gradient that of the variable as it is; losses: floats whose sum is
  // the function's value there. When the gradient is not finite (an entry of 1e18 counts as such) the step before it is taken back
  // instead, once, and those to come are half as long.
  virtual void record(kernels::Context& context, const vulkan::Region& variable,
                      const vulkan::Region& gradient, const vulkan::Region& losses) const = 0;

  // The next step is the first one again. Waits for the device.
  virtual void reset() = 0;

  // Everything the next steps depend on, apart from variable, gradient and learning rate. Restoring it restores their bits; the
  // order and sizes are the same for the same caps, convention and number of elements.
  virtual std::vector<vulkan::Region> state() const = 0;

  // Whether the first region of state() may hold these words: whatever shaders index with is in its range. For state of unknown origin.
  virtual bool accepts(std::span<const float> first_region) const = 0;

  // From the state of an optimiser of this convention whose elements were a picture of another size (height × width × 3), region by
  // region, what state() holds to go on from it at this one's: nothing when the optimiser begins anew.
  virtual std::vector<std::vector<float>> resized(const std::vector<std::vector<float>>& state,
                                                  PictureSize from, PictureSize to) const = 0;

  // A shared::OptimizerStatus: steps taken and skipped so far, and how the last one went.
  virtual vulkan::Region status() const = 0;

  virtual uint64_t bytes() const = 0;

  // Of the steps to come. Only while no submission of a step is under way.
  void set_learning_rate(double value) { parameters_.set_learning_rate(value); }
  double learning_rate() const { return parameters_.learning_rate(); }

 protected:
  const Parameters& parameters() const { return parameters_; }

 private:
  Parameters parameters_;
};

// An optimiser of `elements` > 0 floats that has taken no step. Throws Error(usage) when the history of L-BFGS is not within
// 1 … kernels::kMaxLbfgsHistory, and vulkan::Error when the device has no room. The library must outlive it.
// home: whose memory the vectors are in.
std::unique_ptr<Optimizer> make_optimizer(kernels::Library& library, const OptimizerConvention& convention,
                                          int64_t elements,
                                          vulkan::MemoryKind home = vulkan::MemoryKind::device);

}  // namespace impasto
