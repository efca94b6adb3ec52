// Adam (Kingma & Ba, 2015, algorithm 1), with epsilon where the recipe has it.
#pragma once

#include "kernels/spans.h"
#include "optimizer/optimizer.h"

namespace impasto {

class Adam final : public Optimizer {
 public:
  Adam(kernels::Library& library, const OptimizerConvention& convention, int64_t elements,
       vulkan::MemoryKind home);

  void record(kernels::Context& context, const vulkan::Region& variable, const vulkan::Region& gradient,
              const vulkan::Region& losses) const override;
  void reset() override;
  std::vector<vulkan::Region> state() const override;
  bool accepts(std::span<const float> first_region) const override;
  std::vector<std::vector<float>> resized(const std::vector<std::vector<float>>& state, PictureSize from,
                                          PictureSize to) const override;
  vulkan::Region status() const override;
  uint64_t bytes() const override;

  static std::vector<uint64_t> buffers_for(const vulkan::Caps& caps, int64_t elements);

 private:
  OptimizerConvention convention_;
  std::vector<kernels::Span> pieces_;
  vulkan::Buffer control_;
  std::vector<vulkan::Buffer> moments_;  // (m, v) of each element, a buffer a piece
};

}  // namespace impasto
