// Opens a device for a session and its caller to share.
#include "impasto/native.h"

#include "session/edge.h"
#include "session/engine.h"

namespace impasto {

NativeDevice::NativeDevice(const NativeDeviceOptions& options)
    : device_(session::at_edge([&] {
        vulkan::DeviceOptions wanted = session::device_options(options.device);
        wanted.shared = true;
        wanted.instance_extensions = options.instance_extensions;
        wanted.device_extensions = options.device_extensions;
        wanted.validation = options.validation;
        wanted.on_message = options.on_message;
        return std::make_shared<vulkan::Device>(wanted);
      })) {}

VkInstance NativeDevice::instance() const {
  return device_->instance();
}
VkPhysicalDevice NativeDevice::physical_device() const {
  return device_->physical();
}
VkDevice NativeDevice::device() const {
  return device_->handle();
}
uint32_t NativeDevice::queue_family() const {
  return device_->queue_family();
}
VkQueue NativeDevice::queue() const {
  return device_->queue();
}
std::unique_lock<std::mutex> NativeDevice::lock_queue() const {
  return device_->lock_queue();
}
std::string NativeDevice::name() const {
  return device_->caps().name;
}

}  // namespace impasto
