// Machines that have no device for us: too old, without a compute queue, or without the validation layer.
#include "catch.h"
#include "support/gpu.h"
#include "vulkan/error.h"

#include <string>

namespace {

using namespace impasto;

vulkan::Functions& real() {
  static vulkan::Functions functions;
  return functions;
}

VKAPI_ATTR void VKAPI_CALL old_properties(VkPhysicalDevice device, VkPhysicalDeviceProperties* properties) {
  real().vkGetPhysicalDeviceProperties(device, properties);
  properties->apiVersion = VK_API_VERSION_1_0;
}

VKAPI_ATTR void VKAPI_CALL no_compute(VkPhysicalDevice device, uint32_t* count,
                                      VkQueueFamilyProperties* families) {
  real().vkGetPhysicalDeviceQueueFamilyProperties(device, count, families);
  for (uint32_t i = 0; families != nullptr && i < *count; ++i)
    families[i].queueFlags &= ~VkQueueFlags{VK_QUEUE_COMPUTE_BIT};
}

VKAPI_ATTR VkResult VKAPI_CALL no_layers(uint32_t* count, VkLayerProperties*) {
  *count = 0;
  return VK_SUCCESS;
}

VKAPI_ATTR VkResult VKAPI_CALL no_devices(VkInstance, uint32_t* count, VkPhysicalDevice*) {
  *count = 0;
  return VK_SUCCESS;
}

VKAPI_ATTR VkResult VKAPI_CALL old_loader(uint32_t* version) {
  *version = VK_API_VERSION_1_0;
  return VK_SUCCESS;
}

// Replaces one pointer of the table as soon as it is there.
template <auto Member, typename Pointer>
vulkan::DeviceOptions options_with(Pointer replacement) {
  vulkan::DeviceOptions options = test::device_options();
  options.intercept = [replacement](vulkan::Functions& functions) {
    if (functions.*Member == nullptr || functions.*Member == replacement) return;
    real().*Member = functions.*Member;
    functions.*Member = replacement;
  };
  return options;
}

std::string error_of(const vulkan::DeviceOptions& options) {
  try {
    const vulkan::Device device(options);
  } catch (const vulkan::Error& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a device of Vulkan 1.0 is rejected by name and reason") {
  IMPASTO_REQUIRE_GPU();
  const auto options = options_with<&vulkan::Functions::vkGetPhysicalDeviceProperties>(&old_properties);
  CHECK(
      contains(error_of(options), vulkan::enumerate_devices().front().name + ": needs Vulkan 1.1, has 1.0"));
}

TEST_CASE("a device without a compute queue is rejected by name and reason") {
  IMPASTO_REQUIRE_GPU();
  const auto options =
      options_with<&vulkan::Functions::vkGetPhysicalDeviceQueueFamilyProperties>(&no_compute);
  CHECK(contains(error_of(options), vulkan::enumerate_devices().front().name + ": has no compute queue"));
}

TEST_CASE("a machine without devices says so") {
  IMPASTO_REQUIRE_GPU();
  const auto options = options_with<&vulkan::Functions::vkEnumeratePhysicalDevices>(&no_devices);
  CHECK(contains(error_of(options), "no Vulkan device was found"));
}

TEST_CASE("a loader that is too old says so") {
  IMPASTO_REQUIRE_GPU();
  const auto options = options_with<&vulkan::Functions::vkEnumerateInstanceVersion>(&old_loader);
  CHECK(contains(error_of(options), "older than Vulkan 1.1"));
}

TEST_CASE("validation without its layer is an error, not silence") {
  IMPASTO_REQUIRE_GPU();
  auto options = options_with<&vulkan::Functions::vkEnumerateInstanceLayerProperties>(&no_layers);
  CHECK(contains(error_of(options), "VK_LAYER_KHRONOS_validation is not installed"));
  options.validation = false;
  CHECK_NOTHROW(vulkan::Device(options));
}
