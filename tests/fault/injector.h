// Fails a chosen call of a chosen Vulkan function, loses the device, and counts what is alive.
#pragma once

#include "vulkan/functions.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace impasto::test {

// Sits between the program and the driver of every device opened with hook() as DeviceOptions::intercept. Vulkan's functions
// carry no state, so there can be one injector at a time. Devices it watches must be of the same driver and closed before it.
class Injector {
 public:
  Injector();
  ~Injector();
  Injector(const Injector&) = delete;
  Injector& operator=(const Injector&) = delete;

  std::function<void(vulkan::Functions&)> hook() const;

  // The nth call from now (1: the next) of the function returns `result` without reaching the driver. With
  // VK_ERROR_DEVICE_LOST every submission and wait fails from then on, until another device is created.
  void fail(std::string_view function, int nth, VkResult result);
  bool fired() const;  // whether the call that was to fail has come

  // Calls of a function since the injector was made.
  int calls(std::string_view function) const;

  // Objects made and not destroyed by the name of their kind ("Buffer", "Memory", "Pipeline", …); kinds that have none are
  // left out. Descriptor sets and command buffers go with their pools and are not counted.
  std::map<std::string, int> alive() const;
};

}  // namespace impasto::test
