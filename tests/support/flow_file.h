// Optical flow files for tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace impasto::test {

// A .flo file of pairs, on machines that are little-endian as the format is.
inline std::string flo_bytes(int32_t width, int32_t height, const std::vector<float>& pairs) {
  std::string bytes = "PIEH";
  const auto append = [&](const void* data, size_t size) {
    bytes.append(static_cast<const char*>(data), size);
  };
  append(&width, sizeof width);
  append(&height, sizeof height);
  append(pairs.data(), pairs.size() * sizeof(float));
  return bytes;
}

}  // namespace impasto::test
