// Clamping capabilities only ever takes away.
#include "catch.h"
#include "vulkan/caps.h"

#include <cstdint>

using namespace impasto;

TEST_CASE("a rich device is clamped to the specification's minimum") {
  vulkan::Caps rich;
  rich.name = "rich";
  rich.type = vulkan::DeviceType::discrete;
  rich.vendor_id = 7;
  rich.max_shared_bytes = 65536;
  rich.max_invocations = 1024;
  rich.max_groups = UINT32_MAX;
  rich.max_storage_range = UINT32_MAX;
  rich.max_storage_buffers = 1000;
  rich.max_push_bytes = 256;
  rich.max_texel_elements = uint64_t{1} << 27;
  rich.max_allocation = uint64_t{1} << 40;
  rich.storage_alignment = 16;
  rich.heap_bytes = uint64_t{1} << 40;
  rich.subgroup_size = 32;
  rich.subgroup_shuffle = true;
  rich.subgroup_control = true;
  rich.int64 = true;
  rich.matrix = {16, 16, 16};
  rich.timestamp_bits = 64;
  rich.timestamp_period = 1;

  const vulkan::Caps poor = vulkan::clamp_to_minimum(rich);
  CHECK(poor.name == "rich");
  CHECK(poor.type == vulkan::DeviceType::discrete);
  CHECK(poor.vendor_id == 7);
  CHECK(poor.max_shared_bytes == 16384);
  CHECK(poor.max_invocations == 128);
  CHECK(poor.max_groups == 65535);
  CHECK(poor.max_storage_range == uint64_t{128} << 20);
  CHECK(poor.max_storage_buffers == 4);
  CHECK(poor.max_push_bytes == 128);
  CHECK(poor.max_texel_elements == 65536);
  CHECK(poor.max_allocation == uint64_t{1} << 30);
  CHECK(poor.storage_alignment == 256);
  CHECK(poor.heap_bytes == rich.heap_bytes);
  CHECK(poor.subgroup_size == 1);
  CHECK_FALSE(poor.subgroup_shuffle);
  CHECK_FALSE(poor.subgroup_control);
  CHECK_FALSE(poor.int64);
  CHECK_FALSE(poor.matrix.exists());
  CHECK(poor.timestamp_bits == 0);
}

TEST_CASE("what is below the minimum stays as it is") {
  vulkan::Caps odd;
  odd.max_texel_elements = 0;  // texel buffers cannot be read
  odd.max_allocation = 1000;
  odd.max_shared_bytes = 8192;
  const vulkan::Caps clamped = vulkan::clamp_to_minimum(odd);
  CHECK(clamped.max_texel_elements == 0);
  CHECK(clamped.max_allocation == 1000);
  CHECK(clamped.max_shared_bytes == 8192);
}
