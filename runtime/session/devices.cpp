// Lists the devices for people.
#include "impasto/device.h"
#include "session/edge.h"
#include "session/engine.h"

#include <array>

namespace impasto {

std::vector<DeviceInfo> list_devices() {
  return session::at_edge([] {
    constexpr std::array<const char*, 4> kTypes{"discrete", "integrated", "software", "other"};
    std::vector<DeviceInfo> devices;
    for (const vulkan::Caps& caps : vulkan::enumerate_devices(session::device_options("")))
      devices.push_back({static_cast<int>(devices.size()), caps.name, caps.driver,
                         kTypes[static_cast<size_t>(caps.type)], caps.heap_bytes,
                         static_cast<int>(caps.subgroup_size), caps.timestamp_bits > 0});
    return devices;
  });
}

}  // namespace impasto
