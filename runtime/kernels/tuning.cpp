// Looks kernels up.
#include "kernels/tuning.h"

#include "kernels/library.h"

#include <algorithm>

namespace impasto::kernels {

bool runs(const GemmKernel& kernel, const vulkan::Caps& caps) {
  if (kernel.family == GemmFamily::shared)
    return kernel.invocations <= caps.max_invocations && kernel.shared_bytes <= caps.max_shared_bytes;
  return prefers_texels(caps) && caps.subgroup_shuffle &&
         (caps.subgroup_size == 4 || caps.subgroup_size == 8);
}

std::vector<GemmKernel> gemm_kernels(const vulkan::Caps& caps) {
  std::vector<GemmKernel> kernels;
  for (const GemmKernel& kernel : kGemmKernels)
    if (runs(kernel, caps) && (kernels.empty() || kernels.front().family == kernel.family))
      kernels.push_back(kernel);
  return kernels;
}

GemmKernel gemm_kernel(const vulkan::Caps& caps, const Tuning& tuning, int rows) {
  const std::vector<GemmKernel> kernels = gemm_kernels(caps);
  const auto after = tuning.fastest.upper_bound(rows);
  if (after == tuning.fastest.begin()) return kernels.front();
  const std::string& wanted = std::prev(after)->second;
  const auto found = std::find_if(kernels.begin(), kernels.end(),
                                  [&](const GemmKernel& kernel) { return kernel.name == wanted; });
  return found == kernels.end() ? kernels.front() : *found;
}

}  // namespace impasto::kernels
