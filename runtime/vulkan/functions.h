// Every Vulkan function the project calls, as one struct of pointers, so that a test can make any call fail.
#pragma once

#include "cooperative_matrix.h"

#include <vulkan/vulkan.h>

namespace impasto::vulkan {

// clang-format off
#define IMPASTO_GLOBAL_FUNCTIONS(X) \
  X(vkCreateInstance) X(vkEnumerateInstanceExtensionProperties) X(vkEnumerateInstanceLayerProperties) \
  X(vkEnumerateInstanceVersion)

#define IMPASTO_INSTANCE_FUNCTIONS(X) \
  X(vkDestroyInstance) X(vkEnumeratePhysicalDevices) X(vkGetPhysicalDeviceProperties) \
  X(vkGetPhysicalDeviceFeatures2) \
  X(vkGetPhysicalDeviceProperties2) X(vkGetPhysicalDeviceMemoryProperties) \
  X(vkGetPhysicalDeviceMemoryProperties2) X(vkGetPhysicalDeviceQueueFamilyProperties) \
  X(vkEnumerateDeviceExtensionProperties) X(vkGetPhysicalDeviceFormatProperties) X(vkCreateDevice) \
  X(vkGetDeviceProcAddr)

// Present only where a device has VK_KHR_cooperative_matrix; null otherwise.
#define IMPASTO_OPTIONAL_FUNCTIONS(X) X(vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR)

// Present only when VK_EXT_debug_utils is on; null otherwise.
#define IMPASTO_DEBUG_FUNCTIONS(X) X(vkCreateDebugUtilsMessengerEXT) X(vkDestroyDebugUtilsMessengerEXT)

#define IMPASTO_DEVICE_FUNCTIONS(X) \
  X(vkDestroyDevice) X(vkGetDeviceQueue) X(vkDeviceWaitIdle) X(vkQueueSubmit) \
  X(vkAllocateMemory) X(vkFreeMemory) X(vkMapMemory) X(vkFlushMappedMemoryRanges) \
  X(vkInvalidateMappedMemoryRanges) X(vkCreateBuffer) X(vkDestroyBuffer) X(vkGetBufferMemoryRequirements) \
  X(vkBindBufferMemory) X(vkCreateBufferView) X(vkDestroyBufferView) X(vkCreateShaderModule) \
  X(vkDestroyShaderModule) X(vkCreatePipelineCache) X(vkDestroyPipelineCache) X(vkGetPipelineCacheData) \
  X(vkCreateComputePipelines) X(vkDestroyPipeline) X(vkCreatePipelineLayout) X(vkDestroyPipelineLayout) \
  X(vkCreateDescriptorSetLayout) X(vkDestroyDescriptorSetLayout) X(vkCreateDescriptorPool) \
  X(vkDestroyDescriptorPool) X(vkAllocateDescriptorSets) X(vkUpdateDescriptorSets) X(vkCreateCommandPool) \
  X(vkDestroyCommandPool) X(vkAllocateCommandBuffers) X(vkBeginCommandBuffer) X(vkEndCommandBuffer) \
  X(vkCmdBindPipeline) X(vkCmdBindDescriptorSets) X(vkCmdPushConstants) X(vkCmdDispatch) \
  X(vkCmdPipelineBarrier) X(vkCmdCopyBuffer) X(vkCmdFillBuffer) X(vkCmdResetQueryPool) \
  X(vkCmdWriteTimestamp) X(vkCreateQueryPool) X(vkDestroyQueryPool) X(vkGetQueryPoolResults) X(vkCreateFence) \
  X(vkDestroyFence) X(vkResetFences) X(vkWaitForFences) X(vkGetFenceStatus)
// clang-format on

struct Functions {
#define IMPASTO_DECLARE(name) PFN_##name name = nullptr;
  IMPASTO_GLOBAL_FUNCTIONS(IMPASTO_DECLARE)
  IMPASTO_INSTANCE_FUNCTIONS(IMPASTO_DECLARE)
  IMPASTO_OPTIONAL_FUNCTIONS(IMPASTO_DECLARE)
  IMPASTO_DEBUG_FUNCTIONS(IMPASTO_DECLARE)
  IMPASTO_DEVICE_FUNCTIONS(IMPASTO_DECLARE)
#undef IMPASTO_DECLARE
};

}  // namespace impasto::vulkan
