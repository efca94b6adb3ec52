// Descriptor sets and texel views of one recording: pools are added as they fill up, identical views are made
// once.
#pragma once

#include "recorder.h"

#include <map>
#include <span>
#include <tuple>
#include <vector>

namespace impasto::vulkan {

class Descriptors {
 public:
  explicit Descriptors(Device& device) : device_(&device) {}
  ~Descriptors();
  Descriptors(const Descriptors&) = delete;
  Descriptors& operator=(const Descriptors&) = delete;

  // A set of the layout that refers to the bindings, in order.
  VkDescriptorSet make_set(VkDescriptorSetLayout layout, std::span<const Binding> bindings);

 private:
  VkDescriptorSet allocate(VkDescriptorSetLayout layout, uint32_t descriptors);
  void add_pool();
  VkBufferView view(const Binding& binding);

  Device* device_;
  std::vector<VkDescriptorPool> pools_;
  uint32_t sets_left_ = 0;  // in the last pool
  uint32_t descriptors_left_ = 0;
  std::map<std::tuple<VkBuffer, uint64_t, uint64_t, Element>, VkBufferView> views_;
};

}  // namespace impasto::vulkan
