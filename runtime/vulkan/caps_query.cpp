// Fills Caps from a driver's properties.
#include "error.h"
#include "features.h"
#include "info.h"
#include "physical.h"

#include <algorithm>

namespace impasto::vulkan {
namespace {

// What is asked in one chain; a struct is linked in only where the driver knows it.
struct Properties {
  VkPhysicalDeviceProperties2 core =
      make_info<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
  VkPhysicalDeviceSubgroupProperties subgroup =
      make_info<VkPhysicalDeviceSubgroupProperties>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES);
  VkPhysicalDeviceMaintenance3Properties allocation = make_info<VkPhysicalDeviceMaintenance3Properties>(
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES);
  VkPhysicalDeviceDriverProperties driver =
      make_info<VkPhysicalDeviceDriverProperties>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES);
  VkPhysicalDeviceSubgroupSizeControlProperties sizes =
      make_info<VkPhysicalDeviceSubgroupSizeControlProperties>(
          VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES);
  VkPhysicalDeviceMaintenance4Properties buffer = make_info<VkPhysicalDeviceMaintenance4Properties>(
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_4_PROPERTIES);

  template <typename T>
  void link(T& element) {
    element.pNext = core.pNext;
    core.pNext = &element;
  }
};

DeviceType type_of(VkPhysicalDeviceType type) {
  switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
      return DeviceType::discrete;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return DeviceType::integrated;
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
      return DeviceType::software;
    default:
      return DeviceType::other;
  }
}

std::string driver_text(const Properties& properties, bool known) {
  if (known) return std::string(properties.driver.driverName) + " " + properties.driver.driverInfo;
  return "driver version " + std::to_string(properties.core.properties.driverVersion);
}

void set_limits(Caps& caps, const VkPhysicalDeviceLimits& limits) {
  caps.max_shared_bytes = limits.maxComputeSharedMemorySize;
  caps.max_invocations = std::min(limits.maxComputeWorkGroupInvocations, limits.maxComputeWorkGroupSize[0]);
  caps.max_groups = *std::min_element(limits.maxComputeWorkGroupCount, limits.maxComputeWorkGroupCount + 3);
  caps.max_storage_range = limits.maxStorageBufferRange;
  caps.max_storage_buffers = limits.maxPerStageDescriptorStorageBuffers;
  caps.max_push_bytes = limits.maxPushConstantsSize;
  caps.storage_alignment = std::max(
      {limits.minStorageBufferOffsetAlignment, limits.minTexelBufferOffsetAlignment, VkDeviceSize{16}});
}

uint64_t texel_elements(const Functions& functions, VkPhysicalDevice device,
                        const VkPhysicalDeviceLimits& limits) {
  VkFormatProperties format{};
  functions.vkGetPhysicalDeviceFormatProperties(device, VK_FORMAT_R32G32B32A32_SFLOAT, &format);
  const bool readable = (format.bufferFeatures & VK_FORMAT_FEATURE_UNIFORM_TEXEL_BUFFER_BIT) != 0;
  return readable ? limits.maxTexelBufferElements : 0;
}

uint64_t largest_device_heap(const Functions& functions, VkPhysicalDevice device) {
  VkPhysicalDeviceMemoryProperties memory{};
  functions.vkGetPhysicalDeviceMemoryProperties(device, &memory);
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < memory.memoryHeapCount; ++i)
    if ((memory.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0)
      bytes = std::max<uint64_t>(bytes, memory.memoryHeaps[i].size);
  return bytes;
}

void set_timestamps(Caps& caps, const Functions& functions, VkPhysicalDevice device, uint32_t family,
                    float period) {
  uint32_t count = 0;
  functions.vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  functions.vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
  caps.timestamp_bits = families[family].timestampValidBits;
  caps.timestamp_period = period;
}

// Of those that kernels can cut their tiles into, the one with the most multiplications.
MatrixShape largest_matrix(const Functions& functions, VkPhysicalDevice device) {
  uint32_t count = 0;
  check(functions.vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR(device, &count, nullptr),
        "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR");
  std::vector<VkCooperativeMatrixPropertiesKHR> offered(
      count,
      make_info<VkCooperativeMatrixPropertiesKHR>(VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_KHR));
  check(functions.vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR(device, &count, offered.data()),
        "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR");
  const auto side = [](uint32_t length) { return length == 8 || length == 16; };
  MatrixShape best;
  for (const VkCooperativeMatrixPropertiesKHR& matrix : offered) {
    const bool mixed =
        matrix.AType == VK_COMPONENT_TYPE_FLOAT16_KHR && matrix.BType == VK_COMPONENT_TYPE_FLOAT16_KHR &&
        matrix.CType == VK_COMPONENT_TYPE_FLOAT32_KHR && matrix.ResultType == VK_COMPONENT_TYPE_FLOAT32_KHR;
    if (!mixed || matrix.scope != VK_SCOPE_SUBGROUP_KHR || !side(matrix.MSize) || !side(matrix.NSize) ||
        !side(matrix.KSize))
      continue;
    if (matrix.MSize * matrix.NSize * matrix.KSize > best.rows * best.columns * best.depth)
      best = {matrix.MSize, matrix.NSize, matrix.KSize};
  }
  return best;
}

void set_features(Caps& caps, const Functions& functions, VkPhysicalDevice device,
                  const std::vector<VkExtensionProperties>& extensions) {
  const bool matrices_known =
      functions.vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR != nullptr &&
      std::all_of(kMatrixExtensions.begin(), kMatrixExtensions.end(),
                  [&](const char* extension) { return offers(extensions, extension); });
  Features features;
  if (offers(extensions, VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME)) features.link_subgroups();
  if (matrices_known) features.link_matrices();
  functions.vkGetPhysicalDeviceFeatures2(device, &features.core);
  caps.int64 = features.core.features.shaderInt64 == VK_TRUE;
  caps.subgroup_control =
      features.subgroups.subgroupSizeControl == VK_TRUE && features.subgroups.computeFullSubgroups == VK_TRUE;
  if (features.matrices.cooperativeMatrix == VK_TRUE && features.memory_model.vulkanMemoryModel == VK_TRUE &&
      features.halves.shaderFloat16 == VK_TRUE)
    caps.matrix = largest_matrix(functions, device);
}

}  // namespace

Caps query_caps(const Functions& functions, VkPhysicalDevice device, uint32_t queue_family,
                const std::vector<VkExtensionProperties>& extensions) {
  VkPhysicalDeviceProperties plain{};
  functions.vkGetPhysicalDeviceProperties(device, &plain);
  const auto knows = [&](uint32_t version, const char* extension) {
    return plain.apiVersion >= version || offers(extensions, extension);
  };
  const bool driver_known = knows(VK_API_VERSION_1_2, VK_KHR_DRIVER_PROPERTIES_EXTENSION_NAME);
  const bool sizes_known = knows(VK_API_VERSION_1_3, VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
  const bool buffer_known = knows(VK_API_VERSION_1_3, VK_KHR_MAINTENANCE_4_EXTENSION_NAME);

  Properties properties;
  properties.link(properties.subgroup);
  properties.link(properties.allocation);
  if (driver_known) properties.link(properties.driver);
  if (sizes_known) properties.link(properties.sizes);
  if (buffer_known) properties.link(properties.buffer);
  functions.vkGetPhysicalDeviceProperties2(device, &properties.core);

  Caps caps;
  const VkPhysicalDeviceProperties& core = properties.core.properties;
  caps.name = core.deviceName;
  caps.driver = driver_text(properties, driver_known);
  caps.type = type_of(core.deviceType);
  caps.vendor_id = core.vendorID;
  caps.device_id = core.deviceID;
  caps.driver_version = core.driverVersion;
  std::copy_n(core.pipelineCacheUUID, VK_UUID_SIZE, caps.pipeline_cache_uuid.begin());
  set_limits(caps, core.limits);
  caps.max_texel_elements = texel_elements(functions, device, core.limits);
  caps.max_allocation = properties.allocation.maxMemoryAllocationSize;
  if (buffer_known)
    caps.max_allocation = std::min<uint64_t>(caps.max_allocation, properties.buffer.maxBufferSize);
  caps.heap_bytes = largest_device_heap(functions, device);
  caps.subgroup_size = properties.subgroup.subgroupSize;
  const bool same_size = !sizes_known || properties.sizes.minSubgroupSize == properties.sizes.maxSubgroupSize;
  caps.subgroup_shuffle = same_size &&
                          (properties.subgroup.supportedStages & VK_SHADER_STAGE_COMPUTE_BIT) != 0 &&
                          (properties.subgroup.supportedOperations & VK_SUBGROUP_FEATURE_SHUFFLE_BIT) != 0;
  set_features(caps, functions, device, extensions);
  caps.subgroup_control = caps.subgroup_control && sizes_known &&
                          (properties.sizes.requiredSubgroupSizeStages & VK_SHADER_STAGE_COMPUTE_BIT) != 0;
  if (!same_size && !caps.subgroup_control) caps.matrix = {};  // nobody knows how large a subgroup will be
  set_timestamps(caps, functions, device, queue_family, core.limits.timestampPeriod);
  return caps;
}

}  // namespace impasto::vulkan
