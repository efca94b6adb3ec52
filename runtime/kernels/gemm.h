// Which matrix product a device runs: in shared memory, or in one subgroup on drivers that run on a CPU.
#pragma once

#include "library.h"

#include <string>

namespace impasto::kernels {

constexpr int kGemmTile = 64;  // rows and columns of a workgroup of the shared-memory product
constexpr uint32_t kGemmInvocations = 128;

inline bool has_subgroup_gemm(const vulkan::Caps& caps) {
  return prefers_texels(caps) && caps.subgroup_shuffle &&
         (caps.subgroup_size == 4 || caps.subgroup_size == 8);
}

struct SubgroupGemm {
  std::string shader;  // the variant
  uint32_t groups;     // along the columns
};

// As many columns a lane as the work fills.
inline SubgroupGemm subgroup_gemm(std::string_view shader, const vulkan::Caps& caps, int64_t columns) {
  const uint32_t lanes = caps.subgroup_size;
  const uint32_t per_lane = columns > 2 * int64_t{lanes} ? 4 : columns > int64_t{lanes} ? 2 : 1;
  return {std::string(shader) + "." + std::to_string(lanes) + "x" + std::to_string(per_lane),
          groups_for(columns, per_lane * lanes)};
}

}  // namespace impasto::kernels
