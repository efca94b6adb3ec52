// The subgroup family of the matrix products of tuning.h: in one subgroup, on drivers that run on a CPU.
#pragma once

#include "library.h"
#include "tuning.h"

#include <string>

namespace impasto::kernels {

inline bool has_subgroup_gemm(const vulkan::Caps& caps) {
  return gemm_kernels(caps).front().family == GemmFamily::subgroup;
}

// Whether V and M are written two texels at once, as 64-bit words (shaders/convolution/rows.glsl).
inline bool has_wide_stores(const vulkan::Caps& caps) {
  return has_subgroup_gemm(caps) && caps.subgroup_size == 8 && caps.int64;
}

struct SubgroupGemm {
  std::string shader;  // the variant
  uint32_t groups;     // along the columns
};

// As many columns a lane as the work fills: the more, the fewer fetches and shuffles a multiplication.
inline SubgroupGemm subgroup_gemm(std::string_view shader, const vulkan::Caps& caps, int64_t columns) {
  const uint32_t lanes = caps.subgroup_size;
  uint32_t per_lane = lanes == 8 ? 8 : 4;  // eight were measured on eight lanes
  const auto groups = [&](uint32_t columns_a_lane) { return groups_for(columns, columns_a_lane * lanes); };
  while (per_lane > 1 &&
         groups(per_lane / 2) * 10 < groups(per_lane) * 19)  // or a twentieth would be for nothing
    per_lane /= 2;
  return {std::string(shader) + "." + std::to_string(lanes) + "x" + std::to_string(per_lane),
          groups(per_lane)};
}

}  // namespace impasto::kernels
