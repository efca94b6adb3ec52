// The safetensors format (huggingface.co/docs/safetensors): eight bytes of header length, a JSON header,
// tensors end to end. Nothing in it is believed: a header that does not describe the file byte for byte is
// refused.
#pragma once

#include "base/mapped_file.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::network {

enum class ElementType { f32, f16, bf16 };

struct StoredTensor {
  ElementType type = ElementType::f32;
  std::vector<uint64_t> shape;
  std::span<const std::byte> bytes;  // little-endian, of any alignment

  uint64_t count() const;
  std::vector<float> floats() const;
  std::optional<uint64_t> first_not_finite() const;  // index of the first NaN or infinity
};

struct Safetensors {
  std::map<std::string, StoredTensor> tensors;
  std::map<std::string, std::string> metadata;
};

constexpr uint64_t kMaxHeaderBytes = 100'000'000;
constexpr size_t kMaxTensors = 65'536;
constexpr size_t kMaxDimensions = 8;

// The tensors of a whole file in memory; their bytes point into it. source names the file in messages.
// Throws Error(input): the header is longer than 100,000,000 bytes or than the file, is not a JSON object
// that begins with '{', has a key twice or an unknown one, or a tensor whose type is none of ElementType,
// whose shape and bytes differ in size, that overlaps another, leaves bytes out or reaches past the end.
Safetensors parse_safetensors(std::span<const std::byte> file, std::string_view source);

// A file and its tensors, mapped.
class SafetensorsFile {
 public:
  explicit SafetensorsFile(const std::filesystem::path& file);
  const Safetensors& contents() const { return contents_; }

 private:
  MappedFile map_;
  Safetensors contents_;
};

}  // namespace impasto::network
