// The Vulkan device behind a session, for programs that draw what it computes: the one public header that speaks Vulkan.
#pragma once

#include "impasto/export.h"

#include <vulkan/vulkan.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace impasto {

namespace vulkan {
class Device;
}

struct NativeDeviceOptions {
  std::string device;                            // as Job::device
  std::vector<std::string> instance_extensions;  // that the caller needs for itself: of a surface, and
  std::vector<std::string> device_extensions;  // likewise: a swapchain; a device without them is passed over
  bool validation = false;                     // core and synchronization validation
  std::function<void(std::string_view)> on_message;  // a warning or an error of the layers, from any thread
};

// One device with one queue, which computes and, where the hardware can, draws. Sessions made on it share it with the caller.
// Copies are the same device; it closes when the last of them, of its sessions and of their pictures has gone.
class IMPASTO_API NativeDevice {
 public:
  // Throws Error(device) naming every device that was rejected and why.
  explicit NativeDevice(const NativeDeviceOptions& options);

  VkInstance instance() const;
  VkPhysicalDevice physical_device() const;
  VkDevice device() const;
  uint32_t queue_family() const;
  VkQueue queue() const;

  // To be held during every call that takes the queue, and no longer: a session's submissions wait for it.
  std::unique_lock<std::mutex> lock_queue() const;

  std::string name() const;

 private:
  friend class Session;
  std::shared_ptr<vulkan::Device> device_;
};

// The picture of a session where it is: height × width × 3 floats from `offset` on, range·x for x in [0,1] sRGB-encoded, R first.
// Compute shaders write it. Whoever reads it in commands of their own puts a barrier before (compute shader and transfer writes to
// their reads) and one after (their reading stage to compute shader and transfer).
struct NativePicture {
  VkBuffer buffer = VK_NULL_HANDLE;
  VkDeviceSize offset = 0;
  VkDeviceSize bytes = 0;
  int width = 0;
  int height = 0;
  float range = 1;
  std::shared_ptr<const void> keeps;  // the memory is there as long as this is
};

}  // namespace impasto
