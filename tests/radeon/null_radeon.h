// An AMD card that is not there: Mesa's driver compiles for the one that RADV_FORCE_FAMILY names, and runs nothing.
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

// Whether the driver is there and pretends to be a card.
bool has_null_radeon();

// Options for a device whose pipelines are noted in compiled_kernels(). One such device at a time.
vulkan::DeviceOptions null_radeon_options();

// Those of all such devices so far.
const std::vector<CompiledKernel>& compiled_kernels();

}  // namespace impasto::test
