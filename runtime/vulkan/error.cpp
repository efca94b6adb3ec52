// Names results and turns failed calls into exceptions.
#include "error.h"

namespace impasto::vulkan {

std::string result_name(VkResult result) {
  switch (result) {
#define IMPASTO_NAME(name) \
  case name:               \
    return #name;
    IMPASTO_NAME(VK_SUCCESS)
    IMPASTO_NAME(VK_NOT_READY)
    IMPASTO_NAME(VK_TIMEOUT)
    IMPASTO_NAME(VK_INCOMPLETE)
    IMPASTO_NAME(VK_ERROR_OUT_OF_HOST_MEMORY)
    IMPASTO_NAME(VK_ERROR_OUT_OF_DEVICE_MEMORY)
    IMPASTO_NAME(VK_ERROR_INITIALIZATION_FAILED)
    IMPASTO_NAME(VK_ERROR_DEVICE_LOST)
    IMPASTO_NAME(VK_ERROR_MEMORY_MAP_FAILED)
    IMPASTO_NAME(VK_ERROR_LAYER_NOT_PRESENT)
    IMPASTO_NAME(VK_ERROR_EXTENSION_NOT_PRESENT)
    IMPASTO_NAME(VK_ERROR_FEATURE_NOT_PRESENT)
    IMPASTO_NAME(VK_ERROR_INCOMPATIBLE_DRIVER)
    IMPASTO_NAME(VK_ERROR_TOO_MANY_OBJECTS)
    IMPASTO_NAME(VK_ERROR_FORMAT_NOT_SUPPORTED)
    IMPASTO_NAME(VK_ERROR_FRAGMENTED_POOL)
    IMPASTO_NAME(VK_ERROR_OUT_OF_POOL_MEMORY)
    IMPASTO_NAME(VK_ERROR_UNKNOWN)
#undef IMPASTO_NAME
    default:
      return "VkResult " + std::to_string(static_cast<int>(result));
  }
}

void check(VkResult result, const char* call) {
  if (result != VK_SUCCESS) throw Error(result, std::string(call) + " failed: " + result_name(result));
}

}  // namespace impasto::vulkan
