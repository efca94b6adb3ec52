// The Vulkan devices of this machine.
#pragma once

#include "impasto/export.h"

#include <cstdint>
#include <string>
#include <vector>

namespace impasto {

struct DeviceInfo {
  int index = 0;  // what selects it
  std::string name;
  std::string driver;         // name and version in words
  std::string type;           // "discrete", "integrated", "software" or "other"
  uint64_t memory_bytes = 0;  // of its largest device-local heap
  int subgroup_size = 1;
  bool timestamps = false;
};

// In the order of choice: discrete, integrated, other, software. Throws Error(device) when there is no Vulkan driver.
IMPASTO_API std::vector<DeviceInfo> list_devices();

}  // namespace impasto
