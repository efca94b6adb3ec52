// Makes the optimiser that a convention asks for.
#include "optimizer/optimizer.h"

#include "optimizer/adam.h"
#include "optimizer/lbfgs.h"

#include <numeric>

namespace impasto {

std::vector<uint64_t> optimizer_buffers(const vulkan::Caps& caps, const OptimizerConvention& convention,
                                        int64_t elements) {
  if (convention.kind == OptimizerKind::adam) return Adam::buffers_for(caps, elements);
  return plan_lbfgs(caps, convention.history, elements).buffers();
}

uint64_t optimizer_bytes(const vulkan::Caps& caps, const OptimizerConvention& convention, int64_t elements) {
  const std::vector<uint64_t> buffers = optimizer_buffers(caps, convention, elements);
  return std::accumulate(buffers.begin(), buffers.end(), uint64_t{0});
}

std::unique_ptr<Optimizer> make_optimizer(kernels::Library& library, const OptimizerConvention& convention,
                                          int64_t elements, vulkan::MemoryKind home) {
  if (convention.kind == OptimizerKind::adam)
    return std::make_unique<Adam>(library, convention, elements, home);
  return std::make_unique<Lbfgs>(library, convention, elements, home);
}

}  // namespace impasto
