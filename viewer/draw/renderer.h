// Frames of the window on the device that also computes: drawn after a slice of computing, never waiting for more.
#pragma once

#include "draw/handle.h"
#include "draw/imgui_vulkan.h"
#include "draw/picture_pipeline.h"
#include "draw/swapchain.h"
#include "impasto/native.h"

#include <array>
#include <deque>
#include <imgui.h>

namespace impasto::viewer {

// Throws Error(device) when the device cannot draw on the surface.
void check_drawable(const NativeDevice& device, VkSurfaceKHR surface);

class Renderer {
 public:
  // The window's surface belongs to the caller and outlives this. Throws Error(device) when the device cannot draw on it.
  Renderer(const NativeDevice& device, VkSurfaceKHR surface);
  ~Renderer();
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;

  void new_frame() { imgui_.new_frame(); }

  // Puts a picture into the list that is being built, clipped as the list is; coordinates as Dear ImGui's. It is drawn with the frame.
  void add(ImDrawList& list, const NativePicture& picture, ImVec2 from, ImVec2 to);

  // Draws what Dear ImGui has made for a window of so many pixels. False when nothing could be shown, because the window has no area
  // or is changing its size. Throws Error(device).
  bool draw(ImDrawData* data, uint32_t width, uint32_t height);

 private:
  static constexpr int kFrames = 2;
  struct Frame {
    CommandPool pool;
    VkCommandBuffer command = VK_NULL_HANDLE;
    Fence done;
    Semaphore acquired;
  };
  struct Picture {
    Renderer* renderer;
    NativePicture picture;
    ImVec2 from, to;
  };
  static void draw_picture(const ImDrawList* list, const ImDrawCmd* command);
  void wait(const Frame& frame);
  void record(ImDrawData* data, uint32_t image);
  bool submit(uint32_t image);

  NativeDevice device_;
  RenderPass render_pass_;
  Swapchain swapchain_;
  PicturePipeline pictures_;
  ImGuiVulkan imgui_;
  std::array<Frame, kFrames> frames_;
  int frame_ = 0;
  bool stale_ = true;
  std::deque<Picture> queued_;  // what the callbacks of the frame point at
  ImVec2 origin_{}, scale_{1, 1};
};

}  // namespace impasto::viewer
