// Starts and stops the backend; the font goes to the device once.
#include "draw/imgui_vulkan.h"

#include "imgui_headers.h"

namespace impasto::viewer {
namespace {

constexpr bool kSubmitsItself = IMGUI_VERSION_NUM >= 18980;  // the font, on the queue that it is given

DescriptorPool make_pool(VkDevice device) {
  const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, 16};
  VkDescriptorPoolCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO;
  info.flags = VK_DESCRIPTOR_POOL_CREATE_FREE_DESCRIPTOR_SET_BIT;
  info.maxSets = 16;
  info.poolSizeCount = 1;
  info.pPoolSizes = &size;
  return make<DescriptorPool>(device, vkCreateDescriptorPool, info, "vkCreateDescriptorPool");
}

}  // namespace

ImGuiVulkan::ImGuiVulkan(const NativeDevice& device, VkRenderPass render_pass, uint32_t images)
    : device_(device), pool_(make_pool(device.device())) {
  ImGui_ImplVulkan_InitInfo info{};
  info.Instance = device.instance();
  info.PhysicalDevice = device.physical_device();
  info.Device = device.device();
  info.QueueFamily = device.queue_family();
  info.Queue = device.queue();
  info.DescriptorPool = *pool_;
  info.MinImageCount = info.ImageCount = images;
  info.CheckVkResultFn = [](VkResult result) { check(result, "Dear ImGui"); };
#if IMGUI_VERSION_NUM >= 19240
  info.PipelineInfoMain.RenderPass = render_pass;
  info.PipelineInfoMain.MSAASamples = VK_SAMPLE_COUNT_1_BIT;
  ImGui_ImplVulkan_Init(&info);
#elif IMGUI_VERSION_NUM >= 19016
  info.RenderPass = render_pass;
  info.MSAASamples = VK_SAMPLE_COUNT_1_BIT;
  ImGui_ImplVulkan_Init(&info);
#else
  info.MSAASamples = VK_SAMPLE_COUNT_1_BIT;
  ImGui_ImplVulkan_Init(&info, render_pass);
#endif
  try {
    upload_fonts();
  } catch (...) {
    ImGui_ImplVulkan_Shutdown();
    throw;
  }
}

ImGuiVulkan::~ImGuiVulkan() {
  ImGui_ImplVulkan_Shutdown();
}

void ImGuiVulkan::upload_fonts() {
#if IMGUI_VERSION_NUM < 18980
  VkCommandPoolCreateInfo pool_info{};
  pool_info.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO;
  pool_info.queueFamilyIndex = device_.queue_family();
  const CommandPool pool =
      make<CommandPool>(device_.device(), vkCreateCommandPool, pool_info, "vkCreateCommandPool");
  VkCommandBufferAllocateInfo allocation{};
  allocation.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO;
  allocation.commandPool = *pool;
  allocation.commandBufferCount = 1;
  VkCommandBuffer command = VK_NULL_HANDLE;
  check(vkAllocateCommandBuffers(device_.device(), &allocation, &command), "vkAllocateCommandBuffers");
  VkCommandBufferBeginInfo begin{};
  begin.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO;
  check(vkBeginCommandBuffer(command, &begin), "vkBeginCommandBuffer");
  ImGui_ImplVulkan_CreateFontsTexture(command);
  check(vkEndCommandBuffer(command), "vkEndCommandBuffer");
  const VkFenceCreateInfo fence_info{VK_STRUCTURE_TYPE_FENCE_CREATE_INFO, nullptr, 0};
  const Fence fence = make<Fence>(device_.device(), vkCreateFence, fence_info, "vkCreateFence");
  VkSubmitInfo submit{};
  submit.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO;
  submit.commandBufferCount = 1;
  submit.pCommandBuffers = &command;
  {
    const auto lock = device_.lock_queue();
    check(vkQueueSubmit(device_.queue(), 1, &submit, *fence), "vkQueueSubmit");
  }
  check(vkWaitForFences(device_.device(), 1, fence.address(), VK_TRUE, UINT64_MAX), "vkWaitForFences");
  ImGui_ImplVulkan_DestroyFontUploadObjects();
#endif
}

void ImGuiVulkan::new_frame() {
  const auto lock = kSubmitsItself ? device_.lock_queue() : std::unique_lock<std::mutex>();
  ImGui_ImplVulkan_NewFrame();
}

void ImGuiVulkan::record(ImDrawData* data, VkCommandBuffer command) {
  const auto lock = kSubmitsItself ? device_.lock_queue() : std::unique_lock<std::mutex>();
  ImGui_ImplVulkan_RenderDrawData(data, command);
}

}  // namespace impasto::viewer
