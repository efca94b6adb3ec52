// A compute pipeline: one shader with its specialisation constants, binding kinds and push-constant size.
#pragma once

#include "device.h"

#include <cstdint>
#include <span>
#include <vector>

namespace impasto::vulkan {

enum class BindingKind : uint8_t { storage, texel };  // storage buffer, or uniform texel buffer of rgba32f

struct PipelineDescription {
  std::span<const uint32_t> code;     // SPIR-V with the entry point "main"
  std::vector<uint32_t> constants;    // specialisation constants 0, 1, 2, …
  std::vector<BindingKind> bindings;  // of set 0, in order
  uint32_t push_bytes = 0;
};

class Pipeline {
 public:
  Pipeline(Device& device, const PipelineDescription& description);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  VkPipeline handle() const { return pipeline_; }
  VkPipelineLayout layout() const { return layout_; }
  VkDescriptorSetLayout set_layout() const { return set_layout_; }
  const std::vector<BindingKind>& bindings() const { return bindings_; }
  uint32_t push_bytes() const { return push_bytes_; }

 private:
  Pipeline(Device& device, std::vector<BindingKind> bindings, uint32_t push_bytes);

  Device* device_;
  std::vector<BindingKind> bindings_;
  uint32_t push_bytes_;
  VkDescriptorSetLayout set_layout_ = VK_NULL_HANDLE;
  VkPipelineLayout layout_ = VK_NULL_HANDLE;
  VkPipeline pipeline_ = VK_NULL_HANDLE;
};

}  // namespace impasto::vulkan
