// The JSON header of a safetensors file as it stands: syntax checked, meaning not yet.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::network {

struct TensorEntry {
  std::string type;
  std::vector<uint64_t> shape;
  std::array<uint64_t, 2> offsets{};  // first byte and one past the last, from the end of the header
};

struct SafetensorsHeader {
  std::map<std::string, TensorEntry> tensors;
  std::map<std::string, std::string> metadata;
};

// Throws Error(input): not exactly the JSON that the format has, a key twice, a number that is not a whole
// one of 64 bits, more than kMaxTensors tensors or kMaxDimensions dimensions.
SafetensorsHeader parse_safetensors_header(std::string_view json, std::string_view source);

}  // namespace impasto::network
