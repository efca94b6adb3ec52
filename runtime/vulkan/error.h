// The one exception of this folder: a Vulkan call that failed, or a device that cannot be had.
#pragma once

#include <vulkan/vulkan.h>

#include <stdexcept>
#include <string>

namespace impasto::vulkan {

class Error : public std::runtime_error {
 public:
  Error(VkResult result, const std::string& what) : std::runtime_error(what), result_(result) {}
  VkResult result() const { return result_; }
  bool device_lost() const { return result_ == VK_ERROR_DEVICE_LOST; }
  bool out_of_memory() const {
    return result_ == VK_ERROR_OUT_OF_DEVICE_MEMORY || result_ == VK_ERROR_OUT_OF_HOST_MEMORY;
  }

 private:
  VkResult result_;
};

// "VK_ERROR_DEVICE_LOST" for VK_ERROR_DEVICE_LOST; "VkResult -1234" for an unknown one.
std::string result_name(VkResult result);

// Throws Error "<call> failed: <result name>" unless result is VK_SUCCESS.
void check(VkResult result, const char* call);

}  // namespace impasto::vulkan
