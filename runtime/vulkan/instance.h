// The Vulkan instance, its layers and the messages they send.
#pragma once

#include "device.h"

#include <functional>
#include <string_view>
#include <vector>

namespace impasto::vulkan {

bool offers(const std::vector<VkExtensionProperties>& extensions, const char* name);

// Loads the global and the instance functions. Not movable: the layers hold its address.
class Instance {
 public:
  // Throws Error in one line when there is no loader, no driver, or no validation layer though it was asked
  // for.
  explicit Instance(const DeviceOptions& options);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  VkInstance handle() const { return handle_; }
  Functions& functions() { return functions_; }
  const Functions& functions() const { return functions_; }

 private:
  struct Unready {};
  Instance(const DeviceOptions& options, Unready);
  void create(const DeviceOptions& options);
  void load(const DeviceOptions& options);
  VkDebugUtilsMessengerCreateInfoEXT messenger_info();

  Functions functions_;
  std::function<void(std::string_view)> on_message_;
  VkInstance handle_ = VK_NULL_HANDLE;
  VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
};

}  // namespace impasto::vulkan
