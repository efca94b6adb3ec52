// Looks kernels up.
#include "kernels/tuning.h"

#include "convolution/push.h"
#include "kernels/library.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace impasto::kernels {
namespace {

// The one of the kernels that was measured to be fastest, else the first.
template <typename Kernel>
Kernel measured(const std::vector<Kernel>& kernels, const std::map<int, std::string>& fastest, int rows) {
  assert(!kernels.empty());
  const auto after = fastest.upper_bound(rows);
  if (after == fastest.begin()) return kernels.front();
  const std::string& wanted = std::prev(after)->second;
  const auto found = std::find_if(kernels.begin(), kernels.end(),
                                  [&](const Kernel& kernel) { return kernel.name == wanted; });
  return found == kernels.end() ? kernels.front() : *found;
}

}  // namespace

bool runs(const GemmKernel& kernel, const vulkan::Caps& caps) {
  if (kernel.family == GemmFamily::shared)
    return kernel.invocations <= caps.max_invocations && kernel.shared_bytes <= caps.max_shared_bytes;
  return prefers_texels(caps) && caps.subgroup_shuffle &&
         (caps.subgroup_size == 4 || caps.subgroup_size == 8);
}

bool runs(const MatrixKernel& kernel, const vulkan::Caps& caps) {
  constexpr uint32_t kStagedBytes = (shared::kPatchRows + 2) * (shared::kPatchColumns + 2) * 48;
  constexpr uint32_t kPatchBytes = shared::kPatchRows * shared::kPatchColumns * sizeof(float);
  return 2 * uint32_t(kernel.groups) * caps.subgroup_size <= caps.max_invocations &&
         kStagedBytes + uint32_t(kernel.subgroup_rows) * kPatchBytes <= caps.max_shared_bytes;
}

std::vector<GemmKernel> gemm_kernels(const vulkan::Caps& caps) {
  std::vector<GemmKernel> kernels;
  for (const GemmKernel& kernel : kGemmKernels)
    if (runs(kernel, caps) && (kernels.empty() || kernels.front().family == kernel.family))
      kernels.push_back(kernel);
  return kernels;
}

GemmKernel gemm_kernel(const vulkan::Caps& caps, const Tuning& tuning, int rows) {
  return measured(gemm_kernels(caps), tuning.fastest, rows);
}

std::vector<MatrixKernel> matrix_kernels(const vulkan::Caps& caps, int rows) {
  std::vector<MatrixKernel> kernels;
  for (const MatrixKernel& kernel : kMatrixKernels)
    if (rows % (kernel.subgroup_rows * kernel.groups) == 0 && runs(kernel, caps)) kernels.push_back(kernel);
  return kernels;
}

MatrixKernel matrix_kernel(const vulkan::Caps& caps, const Tuning& tuning, int rows) {
  return measured(matrix_kernels(caps, rows), tuning.fastest_matrix, rows);
}

}  // namespace impasto::kernels
