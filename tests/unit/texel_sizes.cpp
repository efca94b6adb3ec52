// Buffers and texel views have sizes that llvmpipe's shader variants do not tell apart.
#include "vulkan/texel_sizes.h"

#include "catch.h"

#include <bit>
#include <cstdint>

namespace impasto::vulkan {
namespace {

Caps software() {
  Caps caps;
  caps.type = DeviceType::software;
  caps.max_texel_elements = 1u << 27;
  caps.max_allocation = 1u << 30;
  return caps;
}

bool level_zero_only(uint64_t view) {
  return (view >> 8 & 255) == 0;
}

TEST_CASE("on a software driver no buffer is a power of two and no view says that it has one mip level") {
  const Caps caps = software();
  for (uint64_t bytes = 16; bytes <= uint64_t{1} << 20; bytes += 16) {
    const uint64_t buffer = buffer_bytes(caps, bytes), view = view_bytes(caps, bytes, buffer - bytes, 16);
    REQUIRE_FALSE(std::has_single_bit(buffer));
    REQUIRE_FALSE(level_zero_only(view));
    REQUIRE(view >= bytes);
    REQUIRE(view <= buffer);
    REQUIRE(view % 16 == 0);
  }
}

TEST_CASE("a buffer is no larger than a device can allocate at once, nor a view than its buffer") {
  const Caps caps = software();
  CHECK(buffer_bytes(caps, caps.max_allocation) == caps.max_allocation);
  CHECK(buffer_bytes(caps, caps.max_allocation - kViewMargin) <= caps.max_allocation);
  CHECK(view_bytes(caps, 65536, kViewMargin - 16, 16) == 65536);
}

TEST_CASE("a view has no more texels than a device allows") {
  Caps caps = software();
  caps.max_texel_elements = 65536;
  CHECK(view_bytes(caps, 65536 * 16, kViewMargin, 16) == 65536 * 16);
  CHECK(view_bytes(caps, 65536 * 8, kViewMargin, 16) == 65536 * 8 + kViewMargin);
  CHECK(view_bytes(caps, 65536 * 8, kViewMargin, 8) == 65536 * 8);
}

TEST_CASE("other drivers' sizes are as asked") {
  const Caps caps;
  CHECK(buffer_bytes(caps, 65536) == 65536);
  CHECK(view_bytes(caps, 65536, kViewMargin, 16) == 65536);
}

}  // namespace
}  // namespace impasto::vulkan
