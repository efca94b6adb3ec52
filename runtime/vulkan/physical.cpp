// Lists the devices in the order of choice and picks one.
#include "physical.h"

#include "enumerate.h"
#include "error.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace impasto::vulkan {
namespace {

std::vector<VkPhysicalDevice> list(const Instance& instance) {
  return enumerate<VkPhysicalDevice>(
      "vkEnumeratePhysicalDevices", [&](uint32_t* count, VkPhysicalDevice* devices) {
        return instance.functions().vkEnumeratePhysicalDevices(instance.handle(), count, devices);
      });
}

// A family that draws as well as computes is first: on every known device it may do everything the others
// may.
std::optional<uint32_t> compute_family(const Functions& functions, VkPhysicalDevice device) {
  uint32_t count = 0;
  functions.vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  functions.vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
  for (const VkQueueFlags wanted : {VK_QUEUE_COMPUTE_BIT | VK_QUEUE_GRAPHICS_BIT, VK_QUEUE_COMPUTE_BIT + 0})
    for (uint32_t index = 0; index < count; ++index)
      if ((families[index].queueFlags & wanted) == wanted && families[index].queueCount > 0) return index;
  return std::nullopt;
}

int rank(DeviceType type) {
  switch (type) {
    case DeviceType::discrete:
      return 0;
    case DeviceType::integrated:
      return 1;
    case DeviceType::other:
      return 2;
    case DeviceType::software:
      return 3;
  }
  return 4;
}

std::string version_text(uint32_t version) {
  return std::to_string(VK_API_VERSION_MAJOR(version)) + "." + std::to_string(VK_API_VERSION_MINOR(version));
}

void examine(const Instance& instance, VkPhysicalDevice handle, const DeviceOptions& options,
             PhysicalDevices& devices) {
  const Functions& functions = instance.functions();
  VkPhysicalDeviceProperties properties{};
  functions.vkGetPhysicalDeviceProperties(handle, &properties);
  const std::string name = properties.deviceName;
  if (properties.apiVersion < VK_API_VERSION_1_1) {
    devices.rejected.push_back(name + ": needs Vulkan 1.1, has " + version_text(properties.apiVersion));
    return;
  }
  const std::optional<uint32_t> family = compute_family(functions, handle);
  if (!family) {
    devices.rejected.push_back(name + ": has no compute queue");
    return;
  }
  const auto extensions = enumerate<VkExtensionProperties>(
      "vkEnumerateDeviceExtensionProperties", [&](uint32_t* count, VkExtensionProperties* elements) {
        return functions.vkEnumerateDeviceExtensionProperties(handle, nullptr, count, elements);
      });
  for (const std::string& wanted : options.device_extensions)
    if (!offers(extensions, wanted.c_str())) {
      devices.rejected.push_back(name + ": lacks " + wanted);
      return;
    }
  PhysicalDevice device;
  device.handle = handle;
  device.queue_family = *family;
  device.caps = query_caps(functions, handle, *family, extensions);
  if (options.minimum_caps) device.caps = clamp_to_minimum(device.caps);
  device.portability_subset = offers(extensions, "VK_KHR_portability_subset");
  device.memory_budget = offers(extensions, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
  devices.usable.push_back(std::move(device));
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

std::optional<size_t> parse_index(std::string_view text) {
  size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return index;
}

}  // namespace

PhysicalDevices find_physical_devices(const Instance& instance, const DeviceOptions& options) {
  PhysicalDevices devices;
  for (VkPhysicalDevice handle : list(instance)) examine(instance, handle, options, devices);
  std::stable_sort(
      devices.usable.begin(), devices.usable.end(),
      [](const PhysicalDevice& a, const PhysicalDevice& b) { return rank(a.caps.type) < rank(b.caps.type); });
  if (!devices.usable.empty()) return devices;
  if (devices.rejected.empty())
    throw Error(VK_ERROR_INITIALIZATION_FAILED, "no Vulkan device was found; install the graphics driver");
  throw Error(VK_ERROR_INITIALIZATION_FAILED, "no usable Vulkan device: " + join(devices.rejected));
}

size_t choose(const PhysicalDevices& devices, std::string_view selector) {
  if (selector.empty()) return 0;
  const std::optional<size_t> index = parse_index(selector);
  if (index && *index < devices.usable.size()) return *index;
  for (size_t i = 0; i < devices.usable.size(); ++i)
    if (lower(devices.usable[i].caps.name).find(lower(selector)) != std::string::npos) return i;
  std::vector<std::string> names;
  for (size_t i = 0; i < devices.usable.size(); ++i)
    names.push_back(std::to_string(i) + ": " + devices.usable[i].caps.name);
  for (const std::string& rejected : devices.rejected) names.push_back("not usable: " + rejected);
  throw Error(VK_ERROR_INITIALIZATION_FAILED,
              "no Vulkan device matches \"" + std::string(selector) + "\"; there are " + join(names));
}

}  // namespace impasto::vulkan
