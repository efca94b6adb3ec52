// Numbers as files store them: little-endian, and in half precision.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace impasto::network {

inline uint64_t little_endian(const std::byte* bytes, int count) {
  uint64_t value = 0;
  for (int i = 0; i < count; ++i) value |= std::to_integer<uint64_t>(bytes[i]) << (8 * i);
  return value;
}

// IEEE 754 binary16 to binary32, exact.
inline float half_to_float(uint32_t half) {
  const uint32_t sign = (half & 0x8000u) << 16;
  const uint32_t exponent = (half >> 10) & 0x1fu;
  const uint32_t fraction = half & 0x3ffu;
  if (exponent == 0) {
    const float magnitude = static_cast<float>(fraction) * 0x1p-24f;  // zero or subnormal
    return sign != 0 ? -magnitude : magnitude;
  }
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000u | (fraction << 13));
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
}

// bfloat16 to binary32, exact.
inline float brain_to_float(uint32_t brain) {
  return std::bit_cast<float>(brain << 16);
}

}  // namespace impasto::network
