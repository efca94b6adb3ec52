// A graphics card that is not there: Mesa's driver for AMD's compiles for the one that RADV_FORCE_FAMILY names. Those for Intel's and NVIDIA's do so
// for INTEL_STUB_GPU_PLATFORM and NOUVEAU_CHIPSET when Mesa's drm-shim for them is preloaded. Nothing is run.
#pragma once

#include "vulkan/device.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace impasto::test {

struct CompiledKernel {
  std::string shader;                          // its name in kernels::shaders()
  std::map<std::string, uint64_t> statistics;  // as VK_KHR_pipeline_executable_properties names them
};

// Whether one of these drivers is there and pretends to be a card.
bool has_absent_card();

// Options for a device whose pipelines are noted in compiled_kernels(). One such device at a time.
vulkan::DeviceOptions absent_card_options();

// What it keeps in memory for want of registers, in the driver's own units: their sum is zero where nothing is.
uint64_t spilled(const CompiledKernel& kernel);

// Those of all such devices so far.
const std::vector<CompiledKernel>& compiled_kernels();

}  // namespace impasto::test
