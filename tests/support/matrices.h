// The device of the GPU tests as one whose cooperative matrices are used.
#pragma once

#include "catch.h"
#include "kernels/matrix_convolution.h"
#include "support/gpu.h"

#include <optional>

namespace impasto::test {

// As if its matrices were fast, for a software driver's are not; nothing, and a loud line, where the driver or the build has none.
inline std::optional<vulkan::Caps> matrix_caps() {
  vulkan::Caps caps = device().caps();
  caps.type = vulkan::DeviceType::other;
  if (kernels::has_matrix_convolution(caps)) return caps;
  WARN("SKIPPED: this driver, or this build, has no cooperative matrices");
  return std::nullopt;
}

}  // namespace impasto::test
