// Dear ImGui's Vulkan backend, whose calls differ from version to version.
#pragma once

#include "draw/handle.h"
#include "impasto/native.h"

#include <imgui.h>

namespace impasto::viewer {

class ImGuiVulkan {
 public:
  // The context exists and has its fonts.
  ImGuiVulkan(const NativeDevice& device, VkRenderPass render_pass, uint32_t images);
  ~ImGuiVulkan();
  ImGuiVulkan(const ImGuiVulkan&) = delete;
  ImGuiVulkan& operator=(const ImGuiVulkan&) = delete;

  void new_frame();
  void record(ImDrawData* data, VkCommandBuffer command);

 private:
  void upload_fonts();

  NativeDevice device_;
  DescriptorPool pool_;
};

}  // namespace impasto::viewer
