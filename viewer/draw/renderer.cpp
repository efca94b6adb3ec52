// Records, submits and presents frames.
#include "draw/renderer.h"

namespace impasto::viewer {
namespace {

constexpr VkPipelineStageFlags kComputing =
    VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT;

RenderPass make_render_pass(VkDevice device, VkFormat format) {
  VkAttachmentDescription colour{};
  colour.format = format;
  colour.samples = VK_SAMPLE_COUNT_1_BIT;
  colour.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
  colour.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
  colour.stencilLoadOp = VK_ATTACHMENT_LOAD_OP_DONT_CARE;
  colour.stencilStoreOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
  colour.initialLayout = VK_IMAGE_LAYOUT_UNDEFINED;
  colour.finalLayout = VK_IMAGE_LAYOUT_PRESENT_SRC_KHR;
  const VkAttachmentReference reference{0, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
  VkSubpassDescription subpass{};
  subpass.pipelineBindPoint = VK_PIPELINE_BIND_POINT_GRAPHICS;
  subpass.colorAttachmentCount = 1;
  subpass.pColorAttachments = &reference;
  VkSubpassDependency acquired{};  // the semaphore is waited for where colours are written
  acquired.srcSubpass = VK_SUBPASS_EXTERNAL;
  acquired.srcStageMask = acquired.dstStageMask = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT;
  acquired.dstAccessMask = VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
  VkRenderPassCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_RENDER_PASS_CREATE_INFO;
  info.attachmentCount = 1;
  info.pAttachments = &colour;
  info.subpassCount = 1;
  info.pSubpasses = &subpass;
  info.dependencyCount = 1;
  info.pDependencies = &acquired;
  return make<RenderPass>(device, vkCreateRenderPass, info, "vkCreateRenderPass");
}

void barrier(VkCommandBuffer command, VkPipelineStageFlags from, VkAccessFlags written,
             VkPipelineStageFlags to, VkAccessFlags read) {
  const VkMemoryBarrier memory{VK_STRUCTURE_TYPE_MEMORY_BARRIER, nullptr, written, read};
  vkCmdPipelineBarrier(command, from, to, 0, 1, &memory, 0, nullptr, 0, nullptr);
}

}  // namespace

void check_drawable(const NativeDevice& device, VkSurfaceKHR surface) {
  VkBool32 presents = VK_FALSE;
  check(vkGetPhysicalDeviceSurfaceSupportKHR(device.physical_device(), device.queue_family(), surface,
                                             &presents),
        "vkGetPhysicalDeviceSurfaceSupportKHR");
  if (presents == VK_FALSE)
    throw Error(ErrorKind::device,
                device.name() + " cannot draw in this window; choose another with --device");
  surface_format(device, surface);
}

Renderer::Renderer(const NativeDevice& device, VkSurfaceKHR surface)
    : device_(device),
      render_pass_((check_drawable(device, surface),
                    make_render_pass(device.device(), surface_format(device, surface).format))),
      swapchain_(device, surface, surface_format(device, surface), *render_pass_),
      pictures_(device, *render_pass_, kFrames),
      imgui_(device, *render_pass_, kFrames) {
  for (Frame& frame : frames_) {
    VkCommandPoolCreateInfo pool{};
    pool.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO;
    pool.queueFamilyIndex = device.queue_family();
    frame.pool = make<CommandPool>(device.device(), vkCreateCommandPool, pool, "vkCreateCommandPool");
    VkCommandBufferAllocateInfo allocation{};
    allocation.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO;
    allocation.commandPool = *frame.pool;
    allocation.commandBufferCount = 1;
    check(vkAllocateCommandBuffers(device.device(), &allocation, &frame.command), "vkAllocateCommandBuffers");
    const VkFenceCreateInfo fence{VK_STRUCTURE_TYPE_FENCE_CREATE_INFO, nullptr, VK_FENCE_CREATE_SIGNALED_BIT};
    frame.done = make<Fence>(device.device(), vkCreateFence, fence, "vkCreateFence");
    const VkSemaphoreCreateInfo semaphore{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, nullptr, 0};
    frame.acquired = make<Semaphore>(device.device(), vkCreateSemaphore, semaphore, "vkCreateSemaphore");
  }
}

Renderer::~Renderer() {
  const auto lock = device_.lock_queue();
  vkQueueWaitIdle(device_.queue());  // also for the presentation, which has no fence
}

void Renderer::wait(const Frame& frame) {
  check(vkWaitForFences(device_.device(), 1, frame.done.address(), VK_TRUE, UINT64_MAX), "vkWaitForFences");
}

void Renderer::add(ImDrawList& list, const NativePicture& picture, ImVec2 from, ImVec2 to) {
  queued_.push_back({this, picture, from, to});
  list.AddCallback(draw_picture, &queued_.back());
  list.AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

void Renderer::draw_picture(const ImDrawList*, const ImDrawCmd* command) {
  const Picture& queued = *static_cast<const Picture*>(command->UserCallbackData);
  Renderer& self = *queued.renderer;
  const ImVec2 o = self.origin_, s = self.scale_;
  const auto pixels = [&](float left, float top, float right, float bottom) {
    return Rectangle{(left - o.x) * s.x, (top - o.y) * s.y, (right - o.x) * s.x, (bottom - o.y) * s.y};
  };
  self.pictures_.draw(
      self.frame_, self.frames_[size_t(self.frame_)].command, self.swapchain_.extent(), queued.picture,
      pixels(queued.from.x, queued.from.y, queued.to.x, queued.to.y),
      pixels(command->ClipRect.x, command->ClipRect.y, command->ClipRect.z, command->ClipRect.w));
}

bool Renderer::draw(ImDrawData* data, uint32_t width, uint32_t height) {
  const std::deque<Picture> keep = std::move(queued_);  // the callbacks point into it until this returns
  queued_.clear();
  if (stale_ || !swapchain_.exists()) {
    for (const Frame& frame : frames_) wait(frame);
    {
      const auto lock = device_.lock_queue();
      check(vkQueueWaitIdle(device_.queue()), "vkQueueWaitIdle");
    }
    if (!swapchain_.resize(width, height)) return false;
    stale_ = false;
  }
  const Frame& frame = frames_[size_t(frame_)];
  wait(frame);
  uint32_t image = 0;
  const VkResult acquired = vkAcquireNextImageKHR(device_.device(), swapchain_.handle(), UINT64_MAX,
                                                  *frame.acquired, VK_NULL_HANDLE, &image);
  if (acquired == VK_ERROR_OUT_OF_DATE_KHR) {
    stale_ = true;
    return false;
  }
  check(acquired, "vkAcquireNextImageKHR");
  origin_ = data->DisplayPos;
  scale_ = data->FramebufferScale;
  pictures_.begin(frame_);
  record(data, image);
  stale_ = !submit(image) || acquired == VK_SUBOPTIMAL_KHR;
  frame_ = (frame_ + 1) % kFrames;
  return true;
}

void Renderer::record(ImDrawData* data, uint32_t image) {
  const Frame& frame = frames_[size_t(frame_)];
  check(vkResetCommandPool(device_.device(), *frame.pool, 0), "vkResetCommandPool");
  VkCommandBufferBeginInfo begin{};
  begin.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO;
  begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
  check(vkBeginCommandBuffer(frame.command, &begin), "vkBeginCommandBuffer");
  barrier(frame.command, kComputing, VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT,
          VK_PIPELINE_STAGE_FRAGMENT_SHADER_BIT, VK_ACCESS_SHADER_READ_BIT);
  const VkClearValue background{};
  VkRenderPassBeginInfo pass{};
  pass.sType = VK_STRUCTURE_TYPE_RENDER_PASS_BEGIN_INFO;
  pass.renderPass = *render_pass_;
  pass.framebuffer = swapchain_.framebuffer(image);
  pass.renderArea.extent = swapchain_.extent();
  pass.clearValueCount = 1;
  pass.pClearValues = &background;
  vkCmdBeginRenderPass(frame.command, &pass, VK_SUBPASS_CONTENTS_INLINE);
  imgui_.record(data, frame.command);
  vkCmdEndRenderPass(frame.command);
  barrier(frame.command, VK_PIPELINE_STAGE_FRAGMENT_SHADER_BIT, 0, kComputing, 0);
  check(vkEndCommandBuffer(frame.command), "vkEndCommandBuffer");
}

// False when the swapchain has to be made anew.
bool Renderer::submit(uint32_t image) {
  const Frame& frame = frames_[size_t(frame_)];
  const VkPipelineStageFlags stage = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT;
  const VkSemaphore drawn = swapchain_.drawn(image);
  VkSubmitInfo info{};
  info.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO;
  info.waitSemaphoreCount = 1;
  info.pWaitSemaphores = frame.acquired.address();
  info.pWaitDstStageMask = &stage;
  info.commandBufferCount = 1;
  info.pCommandBuffers = &frame.command;
  info.signalSemaphoreCount = 1;
  info.pSignalSemaphores = &drawn;
  const VkSwapchainKHR swapchain = swapchain_.handle();
  VkPresentInfoKHR present{};
  present.sType = VK_STRUCTURE_TYPE_PRESENT_INFO_KHR;
  present.waitSemaphoreCount = 1;
  present.pWaitSemaphores = &drawn;
  present.swapchainCount = 1;
  present.pSwapchains = &swapchain;
  present.pImageIndices = &image;
  check(vkResetFences(device_.device(), 1, frame.done.address()), "vkResetFences");
  const auto lock = device_.lock_queue();
  check(vkQueueSubmit(device_.queue(), 1, &info, *frame.done), "vkQueueSubmit");
  const VkResult presented = vkQueuePresentKHR(device_.queue(), &present);
  if (presented == VK_ERROR_OUT_OF_DATE_KHR || presented == VK_SUBOPTIMAL_KHR) return false;
  check(presented, "vkQueuePresentKHR");
  return true;
}

}  // namespace impasto::viewer
