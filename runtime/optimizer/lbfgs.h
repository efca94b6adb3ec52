// L-BFGS in the Gram form (Chen, Wang & Zhou, Large-scale L-BFGS using MapReduce, 2014): two passes over the history a step. Without line
// search it is step for step what torch.optim.LBFGS does with its tolerances off (Liu & Nocedal 1989); with one, what L-BFGS-B does
// without bounds, each record() one of its evaluations.
#pragma once

#include "optimizer/lbfgs_plan.h"
#include "optimizer/optimizer.h"

namespace impasto {

class Lbfgs final : public Optimizer {
 public:
  Lbfgs(kernels::Library& library, const OptimizerConvention& convention, int64_t elements,
        vulkan::MemoryKind home);

  void record(kernels::Context& context, const vulkan::Region& variable, const vulkan::Region& gradient,
              const vulkan::Region& losses) const override;
  void reset() override;
  std::vector<vulkan::Region> state() const override;
  bool accepts(std::span<const float> first_region) const override;
  std::vector<std::vector<float>> resized(const std::vector<std::vector<float>>& state, PictureSize from,
                                          PictureSize to) const override;
  vulkan::Region status() const override;
  uint64_t bytes() const override { return plan_.bytes(); }

 private:
  struct PieceBuffers {
    vulkan::Buffer candidate;
    std::vector<vulkan::Buffer> pages;
  };
  kernels::LbfgsPieceRegions regions(size_t piece, const vulkan::Region& gradient) const;
  shared::LbfgsVectors vectors(size_t piece) const;
  shared::LbfgsVectors vectors(size_t piece, const LbfgsPage& page) const;
  void record_sums(kernels::Context& context, const vulkan::Region& gradient) const;
  void record_move(kernels::Context& context, size_t piece, const vulkan::Region& variable,
                   const vulkan::Region& gradient) const;

  OptimizerConvention convention_;
  LbfgsPlan plan_;
  vulkan::Buffer control_;
  std::vector<PieceBuffers> pieces_;
};

}  // namespace impasto
