// Devices that are lost again and again.
#pragma once

#include "fault/injector.h"
#include "support/gpu.h"

namespace impasto::test {

// Every device opened with these, while there are any left to lose, is lost at its nth call of a function.
inline vulkan::DeviceOptions losing_options(Injector& injector, const char* function, int nth, int& losses) {
  vulkan::DeviceOptions options = device_options();
  options.intercept = [hook = injector.hook(), &injector, &losses, function,
                       nth](vulkan::Functions& functions) {
    hook(functions);
    if (functions.vkCreateFence == nullptr || losses == 0) return;  // not a device's yet
    --losses;
    injector.fail(function, nth, VK_ERROR_DEVICE_LOST);
  };
  return options;
}

}  // namespace impasto::test
