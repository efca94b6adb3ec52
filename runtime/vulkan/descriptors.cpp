// Allocates and writes descriptor sets.
#include "descriptors.h"

#include "error.h"
#include "info.h"

#include <algorithm>
#include <cassert>

namespace impasto::vulkan {
namespace {

constexpr uint32_t kSetsPerPool = 256;
constexpr uint32_t kDescriptorsPerPool = 4 * kSetsPerPool;  // of either kind

}  // namespace

Descriptors::~Descriptors() {
  const Functions& functions = device_->functions();
  for (VkDescriptorPool pool : pools_) functions.vkDestroyDescriptorPool(device_->handle(), pool, nullptr);
  for (const auto& [range, view] : views_) functions.vkDestroyBufferView(device_->handle(), view, nullptr);
}

void Descriptors::add_pool() {
  const VkDescriptorPoolSize sizes[] = {{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, kDescriptorsPerPool},
                                        {VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER, kDescriptorsPerPool}};
  auto info = make_info<VkDescriptorPoolCreateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO);
  info.maxSets = kSetsPerPool;
  info.poolSizeCount = 2;
  info.pPoolSizes = sizes;
  pools_.reserve(pools_.size() + 1);  // so that a made pool is never lost
  VkDescriptorPool pool = VK_NULL_HANDLE;
  check(device_->functions().vkCreateDescriptorPool(device_->handle(), &info, nullptr, &pool),
        "vkCreateDescriptorPool");
  pools_.push_back(pool);
  sets_left_ = kSetsPerPool;
  descriptors_left_ = kDescriptorsPerPool;
}

// Counts what is left itself: drivers need not say that a pool is full before Vulkan 1.1, and some never do.
VkDescriptorSet Descriptors::allocate(VkDescriptorSetLayout layout, uint32_t descriptors) {
  assert(descriptors <= kDescriptorsPerPool);
  if (sets_left_ == 0 || descriptors_left_ < descriptors) add_pool();
  auto info = make_info<VkDescriptorSetAllocateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO);
  info.descriptorPool = pools_.back();
  info.descriptorSetCount = 1;
  info.pSetLayouts = &layout;
  VkDescriptorSet set = VK_NULL_HANDLE;
  check(device_->functions().vkAllocateDescriptorSets(device_->handle(), &info, &set),
        "vkAllocateDescriptorSets");
  --sets_left_;
  descriptors_left_ -= descriptors;
  return set;
}

VkBufferView Descriptors::view(const Binding& binding) {
  const Region& region = binding.region;
  VkBufferView& view =
      views_[{region.buffer->handle(), region.offset, region.bytes, binding.element}];  // null at first
  if (view != VK_NULL_HANDLE) return view;
  auto info = make_info<VkBufferViewCreateInfo>(VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO);
  info.buffer = region.buffer->handle();
  info.format = binding.element == Element::fp16 ? VK_FORMAT_R16G16B16A16_SFLOAT  // every device reads it
                                                 : VK_FORMAT_R32G32B32A32_SFLOAT;
  info.offset = region.offset;
  info.range = region.bytes;
  VkBufferView made = VK_NULL_HANDLE;
  check(device_->functions().vkCreateBufferView(device_->handle(), &info, nullptr, &made),
        "vkCreateBufferView");
  view = made;
  return view;
}

VkDescriptorSet Descriptors::make_set(VkDescriptorSetLayout layout, std::span<const Binding> bindings) {
  std::vector<VkDescriptorBufferInfo> buffers(bindings.size());
  std::vector<VkBufferView> views(bindings.size());
  std::vector<VkWriteDescriptorSet> writes(bindings.size());
  for (uint32_t i = 0; i < bindings.size(); ++i) {
    const Region& region = bindings[i].region;
    writes[i] = make_info<VkWriteDescriptorSet>(VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET);
    writes[i].dstBinding = i;
    writes[i].descriptorCount = 1;
    if (bindings[i].kind == BindingKind::texel) {
      views[i] = view(bindings[i]);
      writes[i].descriptorType = VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER;
      writes[i].pTexelBufferView = &views[i];
    } else {
      buffers[i] = {region.buffer->handle(), region.offset, region.bytes};
      writes[i].descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
      writes[i].pBufferInfo = &buffers[i];
    }
  }
  const VkDescriptorSet set = allocate(layout, static_cast<uint32_t>(bindings.size()));
  for (VkWriteDescriptorSet& write : writes) write.dstSet = set;
  device_->functions().vkUpdateDescriptorSets(device_->handle(), static_cast<uint32_t>(writes.size()),
                                              writes.data(), 0, nullptr);
  return set;
}

}  // namespace impasto::vulkan
