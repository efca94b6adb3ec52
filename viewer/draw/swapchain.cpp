// Makes the swapchain with its views and framebuffers.
#include "draw/swapchain.h"

#include <algorithm>

namespace impasto::viewer {
namespace {

// Mailbox where there is one: presenting never waits, so the queue is never held up by the screen.
VkPresentModeKHR present_mode(VkPhysicalDevice device, VkSurfaceKHR surface) {
  uint32_t count = 0;
  vkGetPhysicalDeviceSurfacePresentModesKHR(device, surface, &count, nullptr);
  std::vector<VkPresentModeKHR> modes(count);
  vkGetPhysicalDeviceSurfacePresentModesKHR(device, surface, &count, modes.data());
  const bool mailbox = std::find(modes.begin(), modes.end(), VK_PRESENT_MODE_MAILBOX_KHR) != modes.end();
  return mailbox ? VK_PRESENT_MODE_MAILBOX_KHR : VK_PRESENT_MODE_FIFO_KHR;
}

VkCompositeAlphaFlagBitsKHR composite_alpha(VkCompositeAlphaFlagsKHR offered) {
  for (const auto bit : {VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR, VK_COMPOSITE_ALPHA_INHERIT_BIT_KHR,
                         VK_COMPOSITE_ALPHA_PRE_MULTIPLIED_BIT_KHR})
    if ((offered & bit) != 0) return bit;
  return VK_COMPOSITE_ALPHA_POST_MULTIPLIED_BIT_KHR;
}

}  // namespace

VkSurfaceFormatKHR surface_format(const NativeDevice& device, VkSurfaceKHR surface) {
  uint32_t count = 0;
  check(vkGetPhysicalDeviceSurfaceFormatsKHR(device.physical_device(), surface, &count, nullptr),
        "vkGetPhysicalDeviceSurfaceFormatsKHR");
  std::vector<VkSurfaceFormatKHR> formats(count);
  vkGetPhysicalDeviceSurfaceFormatsKHR(device.physical_device(), surface, &count, formats.data());
  for (const VkSurfaceFormatKHR& format : formats)
    if (format.format == VK_FORMAT_B8G8R8A8_UNORM || format.format == VK_FORMAT_R8G8B8A8_UNORM) return format;
  throw Error(ErrorKind::device, "the window offers no 8-bit format to draw in");
}

Swapchain::Swapchain(const NativeDevice& device, VkSurfaceKHR surface, VkSurfaceFormatKHR format,
                     VkRenderPass render_pass)
    : device_(device), surface_(surface), format_(format), render_pass_(render_pass) {}

bool Swapchain::resize(uint32_t width, uint32_t height) {
  VkSurfaceCapabilitiesKHR offers{};
  check(vkGetPhysicalDeviceSurfaceCapabilitiesKHR(device_.physical_device(), surface_, &offers),
        "vkGetPhysicalDeviceSurfaceCapabilitiesKHR");
  extent_ = offers.currentExtent.width != UINT32_MAX ? offers.currentExtent : VkExtent2D{width, height};
  extent_.width = std::clamp(extent_.width, offers.minImageExtent.width, offers.maxImageExtent.width);
  extent_.height = std::clamp(extent_.height, offers.minImageExtent.height, offers.maxImageExtent.height);
  if (extent_.width == 0 || extent_.height == 0) return false;

  VkSwapchainCreateInfoKHR info{};
  info.sType = VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR;
  info.surface = surface_;
  info.minImageCount = offers.minImageCount + 1;
  if (offers.maxImageCount > 0) info.minImageCount = std::min(info.minImageCount, offers.maxImageCount);
  info.imageFormat = format_.format;
  info.imageColorSpace = format_.colorSpace;
  info.imageExtent = extent_;
  info.imageArrayLayers = 1;
  info.imageUsage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT;
  info.imageSharingMode = VK_SHARING_MODE_EXCLUSIVE;
  info.preTransform = offers.currentTransform;
  info.compositeAlpha = composite_alpha(offers.supportedCompositeAlpha);
  info.presentMode = present_mode(device_.physical_device(), surface_);
  info.clipped = VK_TRUE;
  info.oldSwapchain = *swapchain_;
  framebuffers_.clear();
  views_.clear();
  swapchain_ = make<SwapchainHandle>(device_.device(), vkCreateSwapchainKHR, info, "vkCreateSwapchainKHR");
  make_images();
  return true;
}

void Swapchain::make_images() {
  const VkDevice device = device_.device();
  uint32_t count = 0;
  check(vkGetSwapchainImagesKHR(device, *swapchain_, &count, nullptr), "vkGetSwapchainImagesKHR");
  std::vector<VkImage> images(count);
  check(vkGetSwapchainImagesKHR(device, *swapchain_, &count, images.data()), "vkGetSwapchainImagesKHR");
  drawn_.clear();
  for (VkImage image : images) {
    VkImageViewCreateInfo view{};
    view.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO;
    view.image = image;
    view.viewType = VK_IMAGE_VIEW_TYPE_2D;
    view.format = format_.format;
    view.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
    views_.push_back(make<ImageView>(device, vkCreateImageView, view, "vkCreateImageView"));
    VkFramebufferCreateInfo framebuffer{};
    framebuffer.sType = VK_STRUCTURE_TYPE_FRAMEBUFFER_CREATE_INFO;
    framebuffer.renderPass = render_pass_;
    framebuffer.attachmentCount = 1;
    framebuffer.pAttachments = views_.back().address();
    framebuffer.width = extent_.width;
    framebuffer.height = extent_.height;
    framebuffer.layers = 1;
    framebuffers_.push_back(
        make<Framebuffer>(device, vkCreateFramebuffer, framebuffer, "vkCreateFramebuffer"));
    const VkSemaphoreCreateInfo semaphore{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, nullptr, 0};
    drawn_.push_back(make<Semaphore>(device, vkCreateSemaphore, semaphore, "vkCreateSemaphore"));
  }
}

}  // namespace impasto::viewer
