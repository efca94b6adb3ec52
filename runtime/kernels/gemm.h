// The subgroup family of the matrix products of tuning.h: in one subgroup, on drivers that run on a CPU.
#pragma once

#include "library.h"
#include "tuning.h"

#include <algorithm>
#include <string>
#include <vector>

namespace impasto::kernels {

inline bool has_subgroup_gemm(const vulkan::Caps& caps) {
  return gemm_kernels(caps).front().family == GemmFamily::subgroup;
}

// Whether V and M are written two texels at once, as 64-bit words (shaders/convolution/rows.glsl).
inline bool has_wide_stores(const vulkan::Caps& caps) {
  return has_subgroup_gemm(caps) && caps.subgroup_size == 8 && caps.int64;
}

// One dispatch of a product.
struct SubgroupGemm {
  std::string shader;  // the variant
  uint32_t groups;
  int first_column;
  int columns;  // that exist
};

// The dispatches of a product: the more columns a lane has, the fewer fetches and shuffles a multiplication takes, so the widest groups do
// what they fill to three quarters and leave the rest to narrower ones.
inline std::vector<SubgroupGemm> subgroup_gemms(std::string_view shader, const vulkan::Caps& caps,
                                                int64_t columns) {
  const int64_t lanes = caps.subgroup_size;
  std::vector<SubgroupGemm> gemms;
  int64_t first = 0, per_lane = lanes == 8 ? 8 : 4;  // eight were measured on eight lanes
  for (; per_lane > 0 && first < columns; per_lane /= 2) {
    const int64_t width = per_lane * lanes, left = columns - first;
    const int64_t groups = per_lane == 1 ? groups_for(left, lanes) : (left + width / 4 - 1) / width;
    if (groups == 0) continue;
    gemms.push_back({std::string(shader) + "." + std::to_string(lanes) + "x" + std::to_string(per_lane),
                     static_cast<uint32_t>(groups), static_cast<int>(first),
                     static_cast<int>(std::min(groups * width, left))});
    first += groups * width;
  }
  return gemms;
}

}  // namespace impasto::kernels
