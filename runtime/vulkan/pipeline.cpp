// Builds compute pipelines.
#include "pipeline.h"

#include "error.h"
#include "info.h"

#include <cassert>
#include <utility>

namespace impasto::vulkan {
namespace {

VkDescriptorType descriptor_type(BindingKind kind) {
  return kind == BindingKind::texel ? VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER
                                    : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
}

VkDescriptorSetLayout create_set_layout(const Device& device, const std::vector<BindingKind>& kinds) {
  std::vector<VkDescriptorSetLayoutBinding> bindings;
  bindings.reserve(kinds.size());
  for (const BindingKind kind : kinds)
    bindings.push_back({static_cast<uint32_t>(bindings.size()), descriptor_type(kind), 1,
                        VK_SHADER_STAGE_COMPUTE_BIT, nullptr});
  auto info = make_info<VkDescriptorSetLayoutCreateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO);
  info.bindingCount = static_cast<uint32_t>(bindings.size());
  info.pBindings = bindings.data();
  VkDescriptorSetLayout layout = VK_NULL_HANDLE;
  check(device.functions().vkCreateDescriptorSetLayout(device.handle(), &info, nullptr, &layout),
        "vkCreateDescriptorSetLayout");
  return layout;
}

VkPipelineLayout create_layout(const Device& device, VkDescriptorSetLayout set_layout, uint32_t push_bytes) {
  const VkPushConstantRange range{VK_SHADER_STAGE_COMPUTE_BIT, 0, push_bytes};
  auto info = make_info<VkPipelineLayoutCreateInfo>(VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO);
  info.setLayoutCount = 1;
  info.pSetLayouts = &set_layout;
  info.pushConstantRangeCount = push_bytes > 0 ? 1 : 0;
  info.pPushConstantRanges = &range;
  VkPipelineLayout layout = VK_NULL_HANDLE;
  check(device.functions().vkCreatePipelineLayout(device.handle(), &info, nullptr, &layout),
        "vkCreatePipelineLayout");
  return layout;
}

// Needed only while the pipeline is built.
class ShaderModule {
 public:
  ShaderModule(const Device& device, std::span<const uint32_t> code) : device_(device) {
    auto info = make_info<VkShaderModuleCreateInfo>(VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO);
    info.codeSize = code.size_bytes();
    info.pCode = code.data();
    check(device.functions().vkCreateShaderModule(device.handle(), &info, nullptr, &handle_),
          "vkCreateShaderModule");
  }
  ~ShaderModule() { device_.functions().vkDestroyShaderModule(device_.handle(), handle_, nullptr); }
  ShaderModule(const ShaderModule&) = delete;
  ShaderModule& operator=(const ShaderModule&) = delete;
  VkShaderModule handle() const { return handle_; }

 private:
  const Device& device_;
  VkShaderModule handle_ = VK_NULL_HANDLE;
};

VkPipeline create_pipeline(const Device& device, const PipelineDescription& description,
                           VkPipelineLayout layout) {
  const ShaderModule module(device, description.code);
  std::vector<VkSpecializationMapEntry> entries;
  std::vector<uint32_t> values;
  const auto add = [&](uint32_t id, uint32_t value) {
    entries.push_back({id, static_cast<uint32_t>(values.size() * sizeof(uint32_t)), sizeof(uint32_t)});
    values.push_back(value);
  };
  for (uint32_t i = 0; i < description.constants.size(); ++i) add(i, description.constants[i]);
  for (const Constant& constant : description.more_constants) add(constant.id, constant.value);
  const VkSpecializationInfo specialization{static_cast<uint32_t>(entries.size()), entries.data(),
                                            values.size() * sizeof(uint32_t), values.data()};
  auto info = make_info<VkComputePipelineCreateInfo>(VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO);
  info.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
  info.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
  info.stage.module = module.handle();
  info.stage.pName = "main";
  info.stage.pSpecializationInfo = &specialization;
  info.layout = layout;
  auto size = make_info<VkPipelineShaderStageRequiredSubgroupSizeCreateInfo>(
      VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_REQUIRED_SUBGROUP_SIZE_CREATE_INFO);
  if (description.subgroup_size != 0 && device.caps().subgroup_control) {
    size.requiredSubgroupSize = description.subgroup_size;
    info.stage.pNext = &size;
    info.stage.flags = VK_PIPELINE_SHADER_STAGE_CREATE_REQUIRE_FULL_SUBGROUPS_BIT;
  }
  VkPipeline pipeline = VK_NULL_HANDLE;
  check(device.functions().vkCreateComputePipelines(device.handle(), device.pipeline_cache(), 1, &info,
                                                    nullptr, &pipeline),
        "vkCreateComputePipelines");
  return pipeline;
}

}  // namespace

Pipeline::Pipeline(Device& device, const PipelineDescription& description)
    : Pipeline(device, description.bindings, description.push_bytes) {
  assert(!description.code.empty() && push_bytes_ <= device.caps().max_push_bytes);
  set_layout_ = create_set_layout(device, bindings_);
  layout_ = create_layout(device, set_layout_, push_bytes_);
  pipeline_ = create_pipeline(device, description, layout_);
}

// The public constructor delegates to this one, so that the destructor runs when it throws.
Pipeline::Pipeline(Device& device, std::vector<BindingKind> bindings, uint32_t push_bytes)
    : device_(&device), bindings_(std::move(bindings)), push_bytes_(push_bytes) {}

Pipeline::~Pipeline() {
  const Functions& functions = device_->functions();
  if (pipeline_ != VK_NULL_HANDLE) functions.vkDestroyPipeline(device_->handle(), pipeline_, nullptr);
  if (layout_ != VK_NULL_HANDLE) functions.vkDestroyPipelineLayout(device_->handle(), layout_, nullptr);
  if (set_layout_ != VK_NULL_HANDLE)
    functions.vkDestroyDescriptorSetLayout(device_->handle(), set_layout_, nullptr);
}

}  // namespace impasto::vulkan
