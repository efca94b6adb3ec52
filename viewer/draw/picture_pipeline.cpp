// Makes the pipeline of the picture shaders and records its draws.
#include "draw/picture_pipeline.h"

#include "viewer/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace impasto::viewer {
namespace {

const uint32_t kVertexCode[] = {
#include "picture.vert.inc"
};
const uint32_t kFragmentCode[] = {
#include "picture.frag.inc"
};

constexpr VkShaderStageFlags kStages = VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT;

ShaderModule shader(VkDevice device, std::span<const uint32_t> code) {
  VkShaderModuleCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO;
  info.codeSize = code.size_bytes();
  info.pCode = code.data();
  return make<ShaderModule>(device, vkCreateShaderModule, info, "vkCreateShaderModule");
}

DescriptorSetLayout make_set_layout(VkDevice device) {
  const VkDescriptorSetLayoutBinding binding{0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 1,
                                             VK_SHADER_STAGE_FRAGMENT_BIT, nullptr};
  VkDescriptorSetLayoutCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO;
  info.bindingCount = 1;
  info.pBindings = &binding;
  return make<DescriptorSetLayout>(device, vkCreateDescriptorSetLayout, info, "vkCreateDescriptorSetLayout");
}

PipelineLayout make_layout(VkDevice device, const DescriptorSetLayout& set) {
  const VkPushConstantRange range{kStages, 0, sizeof(shared::PicturePush)};
  VkPipelineLayoutCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO;
  info.setLayoutCount = 1;
  info.pSetLayouts = set.address();
  info.pushConstantRangeCount = 1;
  info.pPushConstantRanges = &range;
  return make<PipelineLayout>(device, vkCreatePipelineLayout, info, "vkCreatePipelineLayout");
}

VkPipelineShaderStageCreateInfo stage(VkShaderStageFlagBits which, const ShaderModule& module) {
  VkPipelineShaderStageCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
  info.stage = which;
  info.module = *module;
  info.pName = "main";
  return info;
}

Pipeline make_pipeline(VkDevice device, VkPipelineLayout layout, VkRenderPass render_pass) {
  const ShaderModule vertex = shader(device, kVertexCode), fragment = shader(device, kFragmentCode);
  const std::array stages{stage(VK_SHADER_STAGE_VERTEX_BIT, vertex),
                          stage(VK_SHADER_STAGE_FRAGMENT_BIT, fragment)};
  VkPipelineVertexInputStateCreateInfo input{};
  input.sType = VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO;
  VkPipelineInputAssemblyStateCreateInfo assembly{};
  assembly.sType = VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO;
  assembly.topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP;
  VkPipelineViewportStateCreateInfo viewport{};
  viewport.sType = VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO;
  viewport.viewportCount = viewport.scissorCount = 1;
  VkPipelineRasterizationStateCreateInfo raster{};
  raster.sType = VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO;
  raster.lineWidth = 1;
  VkPipelineMultisampleStateCreateInfo samples{};
  samples.sType = VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO;
  samples.rasterizationSamples = VK_SAMPLE_COUNT_1_BIT;
  VkPipelineColorBlendAttachmentState attachment{};
  attachment.colorWriteMask = VK_COLOR_COMPONENT_R_BIT | VK_COLOR_COMPONENT_G_BIT | VK_COLOR_COMPONENT_B_BIT |
                              VK_COLOR_COMPONENT_A_BIT;
  VkPipelineColorBlendStateCreateInfo blend{};
  blend.sType = VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO;
  blend.attachmentCount = 1;
  blend.pAttachments = &attachment;
  const std::array states{VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR};
  VkPipelineDynamicStateCreateInfo dynamic{};
  dynamic.sType = VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO;
  dynamic.dynamicStateCount = static_cast<uint32_t>(states.size());
  dynamic.pDynamicStates = states.data();
  VkGraphicsPipelineCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO;
  info.stageCount = static_cast<uint32_t>(stages.size());
  info.pStages = stages.data();
  info.pVertexInputState = &input;
  info.pInputAssemblyState = &assembly;
  info.pViewportState = &viewport;
  info.pRasterizationState = &raster;
  info.pMultisampleState = &samples;
  info.pColorBlendState = &blend;
  info.pDynamicState = &dynamic;
  info.layout = layout;
  info.renderPass = render_pass;
  VkPipeline pipeline = VK_NULL_HANDLE;
  check(vkCreateGraphicsPipelines(device, VK_NULL_HANDLE, 1, &info, nullptr, &pipeline),
        "vkCreateGraphicsPipelines");
  return Pipeline(device, pipeline);
}

DescriptorPool make_pool(VkDevice device) {
  const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, kMostPictures};
  VkDescriptorPoolCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO;
  info.maxSets = kMostPictures;
  info.poolSizeCount = 1;
  info.pPoolSizes = &size;
  return make<DescriptorPool>(device, vkCreateDescriptorPool, info, "vkCreateDescriptorPool");
}

VkRect2D scissor(const Rectangle& clip, VkExtent2D extent) {
  const auto within = [](float value, uint32_t most) {
    return static_cast<int32_t>(std::clamp(std::floor(value), 0.0f, static_cast<float>(most)));
  };
  const int32_t left = within(clip.left, extent.width), top = within(clip.top, extent.height);
  return {{left, top},
          {static_cast<uint32_t>(std::max(0, within(clip.right, extent.width) - left)),
           static_cast<uint32_t>(std::max(0, within(clip.bottom, extent.height) - top))}};
}

}  // namespace

PicturePipeline::PicturePipeline(const NativeDevice& device, VkRenderPass render_pass, int frames)
    : device_(device),
      set_layout_(make_set_layout(device.device())),
      layout_(make_layout(device.device(), set_layout_)),
      pipeline_(make_pipeline(device.device(), *layout_, render_pass)) {
  for (int i = 0; i < frames; ++i) frames_.push_back({make_pool(device.device()), {}});
}

void PicturePipeline::begin(int frame) {
  frames_[size_t(frame)].drawn.clear();
  check(vkResetDescriptorPool(device_.device(), *frames_[size_t(frame)].pool, 0), "vkResetDescriptorPool");
}

VkDescriptorSet PicturePipeline::describe(Frame& frame, const NativePicture& picture) {
  VkDescriptorSetAllocateInfo allocation{};
  allocation.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO;
  allocation.descriptorPool = *frame.pool;
  allocation.descriptorSetCount = 1;
  allocation.pSetLayouts = set_layout_.address();
  VkDescriptorSet set = VK_NULL_HANDLE;
  check(vkAllocateDescriptorSets(device_.device(), &allocation, &set), "vkAllocateDescriptorSets");
  const VkDescriptorBufferInfo buffer{picture.buffer, picture.offset, picture.bytes};
  VkWriteDescriptorSet write{};
  write.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET;
  write.dstSet = set;
  write.descriptorCount = 1;
  write.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
  write.pBufferInfo = &buffer;
  vkUpdateDescriptorSets(device_.device(), 1, &write, 0, nullptr);
  return set;
}

void PicturePipeline::draw(int frame, VkCommandBuffer command, VkExtent2D extent,
                           const NativePicture& picture, const Rectangle& where, const Rectangle& clip) {
  Frame& now = frames_[size_t(frame)];
  const VkRect2D inside = scissor(clip, extent);
  if (picture.buffer == VK_NULL_HANDLE || inside.extent.width == 0 || inside.extent.height == 0 ||
      now.drawn.size() == kMostPictures)
    return;
  const VkDescriptorSet set = describe(now, picture);
  now.drawn.push_back(picture);
  const auto width = static_cast<float>(extent.width), height = static_cast<float>(extent.height);
  const shared::PicturePush push{{where.left / width * 2 - 1, where.top / height * 2 - 1,
                                  where.right / width * 2 - 1, where.bottom / height * 2 - 1},
                                 picture.width,
                                 picture.height,
                                 1 / picture.range,
                                 (where.right - where.left) / static_cast<float>(picture.width)};
  const VkViewport viewport{0, 0, width, height, 0, 1};
  vkCmdBindPipeline(command, VK_PIPELINE_BIND_POINT_GRAPHICS, *pipeline_);
  vkCmdSetViewport(command, 0, 1, &viewport);
  vkCmdSetScissor(command, 0, 1, &inside);
  vkCmdBindDescriptorSets(command, VK_PIPELINE_BIND_POINT_GRAPHICS, *layout_, 0, 1, &set, 0, nullptr);
  vkCmdPushConstants(command, *layout_, kStages, 0, sizeof push, &push);
  vkCmdDraw(command, 4, 1, 0, 0);
}

}  // namespace impasto::viewer
