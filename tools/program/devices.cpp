// impasto devices: what can run the kernels, in the order of choice.
#include "byte_text.h"
#include "commands.h"
#include "impasto/device.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace impasto::cli {
namespace {

void print_json(const std::vector<DeviceInfo>& devices) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const DeviceInfo& device : devices)
    list.push_back({{"index", device.index},
                    {"name", device.name},
                    {"type", device.type},
                    {"driver", device.driver},
                    {"memory_bytes", device.memory_bytes},
                    {"subgroup_size", device.subgroup_size},
                    {"timestamps", device.timestamps}});
  fmt::print("{}\n", list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

int print_devices(bool json) {
  const std::vector<DeviceInfo> devices = list_devices();
  if (json) {
    print_json(devices);
    return 0;
  }
  for (const DeviceInfo& device : devices)
    fmt::print("{:>2}  {}  ({}, {}, {})\n", device.index, device.name, device.type,
               byte_text(device.memory_bytes), device.driver);
  return 0;
}

}  // namespace

void add_devices(CLI::App& app, Action& chosen) {
  const auto json = std::make_shared<bool>(false);
  CLI::App* command =
      app.add_subcommand("devices", "List the Vulkan devices, the one chosen by default first");
  command->add_flag("--json", *json, "Print JSON");
  command->callback([json, &chosen] { chosen = [json] { return print_devices(*json); }; });
}

}  // namespace impasto::cli
