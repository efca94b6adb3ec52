// Numbers as files and devices store them: little-endian, and in half precision.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace impasto {

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

// binary32 to IEEE 754 binary16, to the nearest, ties to even; what is too large becomes infinite.
inline uint32_t float_to_half(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t sign = (bits >> 16) & 0x8000u, magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return sign | 0x7e00u;
  if (magnitude >= 0x47800000u) return sign | 0x7c00u;
  // The last place of 0.5f is the smallest half, so the sum is rounded to it.
  if (magnitude < 0x38800000u)
    return sign | (std::bit_cast<uint32_t>(std::bit_cast<float>(magnitude) + 0.5f) - 0x3f000000u);
  return sign | ((magnitude - 0x38000000u + 0xfffu + ((magnitude >> 13) & 1u)) >> 13);
}

// bfloat16 to binary32, exact.
inline float brain_to_float(uint32_t brain) {
  return std::bit_cast<float>(brain << 16);
}

}  // namespace impasto
