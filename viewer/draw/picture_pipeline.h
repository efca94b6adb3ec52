// Draws pictures from the buffers they lie in, in the middle of a frame of Dear ImGui.
#pragma once

#include "draw/handle.h"
#include "impasto/native.h"

#include <vector>

namespace impasto::viewer {

// Pixels of the framebuffer; fractions count.
struct Rectangle {
  float left = 0;
  float top = 0;
  float right = 0;
  float bottom = 0;
};

// What may be drawn at once in one frame.
constexpr uint32_t kMostPictures = 64;

class PicturePipeline {
 public:
  PicturePipeline(const NativeDevice& device, VkRenderPass render_pass, int frames);

  // Forgets what the frame drew the last time; its submission has finished.
  void begin(int frame);

  // Records the picture into a render pass that is open. What it reads is kept until the frame begins again.
  void draw(int frame, VkCommandBuffer command, VkExtent2D extent, const NativePicture& picture,
            const Rectangle& where, const Rectangle& clip);

 private:
  struct Frame {
    DescriptorPool pool;
    std::vector<NativePicture> drawn;
  };
  VkDescriptorSet describe(Frame& frame, const NativePicture& picture);

  NativeDevice device_;
  DescriptorSetLayout set_layout_;
  PipelineLayout layout_;
  Pipeline pipeline_;
  std::vector<Frame> frames_;
};

}  // namespace impasto::viewer
