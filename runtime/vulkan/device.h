// One Vulkan device with one compute queue: chosen, opened, and the owner of the pipeline cache.
#pragma once

#include "caps.h"
#include "functions.h"
#include "pace.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::vulkan {

struct DeviceOptions {
  std::string selector;     // index, or part of the name in any case; empty: the best there is
  bool validation = false;  // core and synchronization validation
  std::function<void(std::string_view)> on_message{};  // a warning or an error of the layers
  std::function<void(Functions&)> intercept{};  // called after each stage of loading; may replace any pointer
  bool minimum_caps = false;                    // clamp_to_minimum
  std::filesystem::path cache_directory{};      // of the pipeline cache's file; empty: none
  uint64_t memory_budget = 0;  // bytes that may be allocated at once; 0: as many as there are
  bool shared = false;         // others submit to the queue too: our submissions leave them their turns
  std::vector<std::string> instance_extensions{};  // that the caller needs for itself, and
  std::vector<std::string> device_extensions{};    // likewise; a device without them is rejected
};

// Every device of this machine in the order of choice: discrete, integrated, other, software; ties by the
// driver's order. Throws Error when there is no loader or no driver. An empty list is never returned.
std::vector<Caps> enumerate_devices(const DeviceOptions& options = {});

class Device {
 public:
  // Throws Error (VK_ERROR_INITIALIZATION_FAILED) naming every device that was rejected and why.
  explicit Device(const DeviceOptions& options);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const Caps& caps() const;
  const Functions& functions() const;
  VkInstance instance() const;
  VkPhysicalDevice physical() const;
  VkDevice handle() const;
  VkQueue queue() const;  // others may use it too: hold the lock during every call that takes it
  std::unique_lock<std::mutex> lock_queue() const;
  Pace* pace() const;  // null unless the device is shared
  uint32_t queue_family() const;
  VkPipelineCache pipeline_cache() const;
  const VkPhysicalDeviceMemoryProperties& memory() const;
  uint64_t free_bytes() const;  // by VK_EXT_memory_budget where there is one, else the heap less what we hold

  // Writes the cache's file if it grew: header with vendor, device, driver and a checksum; by rename when
  // whole; never throws.
  void save_pipeline_cache() const noexcept;

  void wait_idle() const;

  // The runtime's own accounting of vkAllocateMemory, from any thread.
  uint64_t allocated_bytes() const;
  uint64_t peak_bytes() const;
  void forget_peak();  // from here on, of what is allocated now
  void account(int64_t bytes);

  // Throws Error, as an allocation does that the device refuses, when so many bytes more would pass the budget.
  void check_budget(uint64_t bytes) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace impasto::vulkan
