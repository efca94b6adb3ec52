// Clamps what a device offers to what every device must offer.
#include "caps.h"

#include <algorithm>

namespace impasto::vulkan {

Caps clamp_to_minimum(Caps caps) {
  const Caps least;  // its defaults are the specification's minimum
  caps.max_shared_bytes = std::min(caps.max_shared_bytes, least.max_shared_bytes);
  caps.max_invocations = std::min(caps.max_invocations, least.max_invocations);
  caps.max_groups = std::min(caps.max_groups, least.max_groups);
  caps.max_storage_range = std::min(caps.max_storage_range, least.max_storage_range);
  caps.max_storage_buffers = std::min(caps.max_storage_buffers, least.max_storage_buffers);
  caps.max_push_bytes = std::min(caps.max_push_bytes, least.max_push_bytes);
  caps.max_texel_elements = std::min(caps.max_texel_elements, least.max_texel_elements);
  caps.max_allocation = std::min(caps.max_allocation, least.max_allocation);
  caps.storage_alignment =
      std::max(caps.storage_alignment, least.storage_alignment);  // coarser is what asks more of us
  caps.subgroup_size = least.subgroup_size;
  caps.subgroup_shuffle = false;
  caps.subgroup_control = false;
  caps.int64 = false;
  caps.matrix = {};
  caps.timestamp_bits = 0;
  caps.timestamp_period = 0;
  return caps;
}

}  // namespace impasto::vulkan
