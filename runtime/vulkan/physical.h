// The physical devices of an instance: what each offers, whether it will do, and which one a selector means.
#pragma once

#include "instance.h"

#include <string>
#include <string_view>
#include <vector>

namespace impasto::vulkan {

struct PhysicalDevice {
  VkPhysicalDevice handle = VK_NULL_HANDLE;
  Caps caps;
  uint32_t queue_family = 0;
  bool portability_subset = false;  // an extension that must be enabled where it is offered
  bool memory_budget = false;
};

struct PhysicalDevices {
  std::vector<PhysicalDevice> usable;  // in the order of choice
  std::vector<std::string> rejected;   // "name: reason"
};

// Throws Error when there is none that will do, naming those that were rejected.
PhysicalDevices find_physical_devices(const Instance& instance, const DeviceOptions& options);

// The position in devices.usable that a selector means. Throws Error naming every device when it means none.
size_t choose(const PhysicalDevices& devices, std::string_view selector);

// Asks the driver for everything in Caps. The device offers Vulkan 1.1 or later.
Caps query_caps(const Functions& functions, VkPhysicalDevice device, uint32_t queue_family,
                const std::vector<VkExtensionProperties>& extensions);

}  // namespace impasto::vulkan
