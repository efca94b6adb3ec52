// An optimiser with its variable and gradient on the device, recorded once: a test feeds it gradients and,
// for a line search, losses.
#pragma once

#include "optimizer/optimizer.h"
#include "support/gpu.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace impasto::test {

using Floats = std::vector<float>;
using Bytes = std::vector<std::byte>;

class OptimizerRun {
 public:
  OptimizerRun(kernels::Library& library, const OptimizerConvention& convention, const Floats& start);
  OptimizerRun(const OptimizerConvention& convention, const Floats& start);

  void step(const Floats& gradient, float loss = 0);
  Floats variable() const;
  shared::OptimizerStatus status() const;
  Optimizer& optimizer() const { return *optimizer_; }

  // Variable and state.
  std::vector<Bytes> save() const;
  void restore(const std::vector<Bytes>& saved);

 private:
  std::vector<vulkan::Region> lasting() const;

  Arena arena_;
  std::unique_ptr<Optimizer> optimizer_;
  vulkan::Region variable_;
  vulkan::Region gradient_;
  vulkan::Region losses_;
  std::unique_ptr<vulkan::Recording> recording_;
  vulkan::Queue queue_;
};

// The library of the shared device with bindings of at most `bytes`.
kernels::Library small_bindings(uint64_t bytes);

// Normally distributed, nearly: sums of uniform numbers.
Floats random_floats(size_t count, uint64_t seed, double scale = 1);

}  // namespace impasto::test
