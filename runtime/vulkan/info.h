// An empty structure of Vulkan's with its type filled in.
#pragma once

#include <vulkan/vulkan.h>

namespace impasto::vulkan {

template <typename T>
T make_info(VkStructureType type) {
  T info{};
  info.sType = type;
  return info;
}

}  // namespace impasto::vulkan
