// The exponential average of a variable over an optimiser's steps, on the device: what a recipe shows instead of the last step.
//
// aₜ = Σ dᵗ⁻ⁱ xᵢ / Σ dᵗ⁻ⁱ over i = 0 … t, the start x₀ included, as style-transfer-pytorch (K. Crowson) has it: free of the bias that a
// start at zero would have.
#pragma once

#include "kernels/library.h"
#include "kernels/spans.h"
#include "vulkan/memory.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace impasto {

class Average {
 public:
  // decay: d, in (0, 1). Holds nothing sensible before reset() or its state's restoration.
  Average(kernels::Library& library, double decay, int64_t elements);

  // Bytes of each buffer that it allocates.
  static std::vector<uint64_t> buffers_for(int64_t elements);

  // Takes in the variable, `elements` floats.
  void record(kernels::Context& context, const vulkan::Region& variable) const;

  // The average of `start` alone.
  void reset(std::span<const float> start);

  // What the averages to come depend on.
  vulkan::Region value() const { return value_->all(); }  // the average, `elements` floats
  vulkan::Region weights() const { return sum_.all(); }

  // What value() lies in; may outlive this.
  std::shared_ptr<const vulkan::Buffer> picture() const { return value_; }

 private:
  double decay_;
  std::vector<kernels::Span> pieces_;
  std::shared_ptr<const vulkan::Buffer> value_;
  vulkan::Buffer sum_;  // of the weights
};

}  // namespace impasto
