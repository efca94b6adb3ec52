// Sizes of buffers and of texel views of them with which llvmpipe compiles a shader once and not up to four times.
//
// It compiles a shader anew whenever the static state of a texture differs, of which a buffer has two bits that mean nothing to it: whether
// its bytes are a power of two, and whether the last of its mip levels is 0, which is read from bits 8 to 15 of the view's bytes
// (lp_sampler_static_texture_state() in Mesa 22.3.6; pipe_sampler_view::u is a union). Here the answer to both is no.
#pragma once

#include "caps.h"

#include <bit>

namespace impasto::vulkan {

inline constexpr uint64_t kViewMargin = 256;  // sets bit 8 of a size that has none of bits 8 to 15

// Of the VkBuffer for a buffer of so many bytes: with room for a view to be longer than its region, except for the largest there can be.
inline uint64_t buffer_bytes(const Caps& caps, uint64_t bytes) {
  if (!caps.software() || bytes + 2 * kViewMargin > caps.max_allocation) return bytes;
  const uint64_t longer = bytes + kViewMargin;
  return std::has_single_bit(longer) ? longer + kViewMargin : longer;
}

// Of a view of a region of so many bytes with `room` behind it in its VkBuffer, in texels of `texel` bytes, a divisor of kViewMargin.
inline uint64_t view_bytes(const Caps& caps, uint64_t bytes, uint64_t room, uint64_t texel) {
  const bool level_zero_only = (bytes >> 8 & 255) == 0;
  const bool fits = room >= kViewMargin && (bytes + kViewMargin) / texel <= caps.max_texel_elements;
  return caps.software() && level_zero_only && fits ? bytes + kViewMargin : bytes;
}

}  // namespace impasto::vulkan
