// A Vulkan object that goes with its owner, and the check of a call's result.
#pragma once

#include "impasto/error.h"

#include <vulkan/vulkan.h>

#include <string>
#include <utility>

namespace impasto::viewer {

// Throws Error(device) naming the call, unless it succeeded.
inline void check(VkResult result, const char* call) {
  if (result >= 0) return;
  const std::string why = result == VK_ERROR_DEVICE_LOST ? "the device was lost"
                          : result == VK_ERROR_OUT_OF_DEVICE_MEMORY
                              ? "the device has no memory left"
                              : "error " + std::to_string(static_cast<int>(result));
  throw Error(ErrorKind::device, std::string(call) + " failed: " + why);
}

template <typename T, auto kDestroy>
class Handle {
 public:
  Handle() = default;
  Handle(VkDevice device, T handle) : device_(device), handle_(handle) {}
  Handle(Handle&& other) noexcept : device_(other.device_), handle_(std::exchange(other.handle_, T{})) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Handle() {
    if (handle_ != T{}) kDestroy(device_, handle_, nullptr);
  }
  const T& operator*() const { return handle_; }
  const T* address() const { return &handle_; }

 private:
  VkDevice device_ = VK_NULL_HANDLE;
  T handle_{};
};

// What vkCreate… makes from info.
template <typename Made, typename Create, typename Info>
Made make(VkDevice device, Create create, const Info& info, const char* call) {
  auto handle = typename std::remove_const_t<std::remove_reference_t<decltype(*std::declval<Made>())>>{};
  check(create(device, &info, nullptr, &handle), call);
  return Made(device, handle);
}

using Buffer = Handle<VkBuffer, vkDestroyBuffer>;
using CommandPool = Handle<VkCommandPool, vkDestroyCommandPool>;
using DescriptorPool = Handle<VkDescriptorPool, vkDestroyDescriptorPool>;
using DescriptorSetLayout = Handle<VkDescriptorSetLayout, vkDestroyDescriptorSetLayout>;
using Fence = Handle<VkFence, vkDestroyFence>;
using Framebuffer = Handle<VkFramebuffer, vkDestroyFramebuffer>;
using ImageView = Handle<VkImageView, vkDestroyImageView>;
using Memory = Handle<VkDeviceMemory, vkFreeMemory>;
using Pipeline = Handle<VkPipeline, vkDestroyPipeline>;
using PipelineLayout = Handle<VkPipelineLayout, vkDestroyPipelineLayout>;
using RenderPass = Handle<VkRenderPass, vkDestroyRenderPass>;
using Semaphore = Handle<VkSemaphore, vkDestroySemaphore>;
using ShaderModule = Handle<VkShaderModule, vkDestroyShaderModule>;
using SwapchainHandle = Handle<VkSwapchainKHR, vkDestroySwapchainKHR>;

}  // namespace impasto::viewer
