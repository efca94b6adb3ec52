// A compute pipeline: one shader with its specialisation constants, binding kinds and push-constant size.
#pragma once

#include "device.h"

#include <cstdint>
#include <span>
#include <vector>

namespace impasto::vulkan {

enum class BindingKind : uint8_t { storage, texel };  // storage buffer, or uniform texel buffer
enum class Element : uint8_t { fp32, fp16 };  // of which a binding's texels have four; any device has both

constexpr uint64_t texel_bytes(Element element) {
  return element == Element::fp16 ? 8 : 16;
}

struct Constant {
  uint32_t id = 0;
  uint32_t value = 0;
};

struct PipelineDescription {
  std::span<const uint32_t> code;     // SPIR-V with the entry point "main"
  std::vector<uint32_t> constants;    // specialisation constants 0, 1, 2, …
  std::vector<BindingKind> bindings;  // of set 0, in order
  uint32_t push_bytes = 0;
  std::vector<Constant> more_constants = {};  // that have other numbers
  uint32_t subgroup_size = 0;  // that all subgroups have, and they are full; 0: as the driver likes
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
