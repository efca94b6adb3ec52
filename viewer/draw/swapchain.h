// The window's images, made anew whenever its size changes.
#pragma once

#include "draw/handle.h"
#include "impasto/native.h"

#include <cstdint>
#include <vector>

namespace impasto::viewer {

// The format that the window is drawn in: 8 bits, without conversion, because what is drawn is sRGB-encoded already.
VkSurfaceFormatKHR surface_format(const NativeDevice& device, VkSurfaceKHR surface);

class Swapchain {
 public:
  Swapchain(const NativeDevice& device, VkSurfaceKHR surface, VkSurfaceFormatKHR format,
            VkRenderPass render_pass);

  // For a window of so many pixels; nothing may be under way. False when the window has no area.
  bool resize(uint32_t width, uint32_t height);

  bool exists() const { return *swapchain_ != VK_NULL_HANDLE; }
  VkSwapchainKHR handle() const { return *swapchain_; }
  VkExtent2D extent() const { return extent_; }
  VkFramebuffer framebuffer(uint32_t image) const { return *framebuffers_[image]; }
  // Signalled when the image's frame is drawn.
  VkSemaphore drawn(uint32_t image) const { return *drawn_[image]; }

 private:
  void make_images();

  NativeDevice device_;
  VkSurfaceKHR surface_;
  VkSurfaceFormatKHR format_;
  VkRenderPass render_pass_;
  VkExtent2D extent_{};
  SwapchainHandle swapchain_;
  std::vector<ImageView> views_;
  std::vector<Framebuffer> framebuffers_;
  std::vector<Semaphore> drawn_;
};

}  // namespace impasto::viewer
