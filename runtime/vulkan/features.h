// The optional features that kernels use, as one chain of structures: what a driver is asked for, and what a device is opened with.
#pragma once

#include "cooperative_matrix.h"
#include "info.h"

#include <array>

namespace impasto::vulkan {

// Without these no cooperative matrix can be declared in a shader.
inline constexpr std::array kMatrixExtensions{VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME,
                                              VK_KHR_VULKAN_MEMORY_MODEL_EXTENSION_NAME,
                                              VK_KHR_SHADER_FLOAT16_INT8_EXTENSION_NAME};

struct Features {
  VkPhysicalDeviceFeatures2 core =
      make_info<VkPhysicalDeviceFeatures2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2);
  VkPhysicalDeviceSubgroupSizeControlFeatures subgroups =
      make_info<VkPhysicalDeviceSubgroupSizeControlFeatures>(
          VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES);
  VkPhysicalDeviceCooperativeMatrixFeaturesKHR matrices =
      make_info<VkPhysicalDeviceCooperativeMatrixFeaturesKHR>(
          VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR);
  VkPhysicalDeviceVulkanMemoryModelFeatures memory_model =
      make_info<VkPhysicalDeviceVulkanMemoryModelFeatures>(
          VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_MEMORY_MODEL_FEATURES);
  VkPhysicalDeviceShaderFloat16Int8Features halves = make_info<VkPhysicalDeviceShaderFloat16Int8Features>(
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_FLOAT16_INT8_FEATURES);

  Features() = default;
  Features(const Features&) = delete;  // the chain points into it
  Features& operator=(const Features&) = delete;

  void link_subgroups() { link(subgroups); }
  void link_matrices() {
    link(matrices);
    link(memory_model);
    link(halves);
  }

 private:
  template <typename T>
  void link(T& element) {
    element.pNext = core.pNext;
    core.pNext = &element;
  }
};

}  // namespace impasto::vulkan
