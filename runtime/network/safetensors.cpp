// Checks that a safetensors header and its file agree byte for byte, and decodes elements.
#include "network/safetensors.h"

#include "base/half_float.h"
#include "base/shown.h"
#include "impasto/error.h"
#include "network/safetensors_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace impasto::network {
namespace {

[[noreturn]] void refuse(std::string_view source, const std::string& what) {
  throw Error(ErrorKind::input,
              fmt::format("{}: {}; fetch the file again, or name a safetensors file", source, what));
}

uint64_t element_bytes(ElementType type) {
  return type == ElementType::f32 ? 4 : 2;
}

float element(const StoredTensor& tensor, uint64_t index) {
  const std::byte* at = tensor.bytes.data() + index * element_bytes(tensor.type);
  switch (tensor.type) {
    case ElementType::f32:
      return std::bit_cast<float>(static_cast<uint32_t>(little_endian(at, 4)));
    case ElementType::f16:
      return half_to_float(static_cast<uint32_t>(little_endian(at, 2)));
    case ElementType::bf16:
      return brain_to_float(static_cast<uint32_t>(little_endian(at, 2)));
  }
  return 0;
}

std::string_view header_text(std::span<const std::byte> file, std::string_view source) {
  if (file.size() < 8)
    refuse(source, fmt::format("has {} bytes, too few for a safetensors file", file.size()));
  const uint64_t length = little_endian(file.data(), 8);
  if (length > kMaxHeaderBytes)
    refuse(source, fmt::format("claims a header of {} bytes, more than safetensors allows", length));
  if (length > file.size() - 8)
    refuse(source, fmt::format("claims a header of {} bytes but has only {} after its first eight", length,
                               file.size() - 8));
  const std::string_view text(reinterpret_cast<const char*>(file.data()) + 8, static_cast<size_t>(length));
  if (text.empty() || text.front() != '{') refuse(source, "has a header that does not begin with '{'");
  // The JSON parser takes a NUL for the end of its input and would ignore what follows.
  if (text.find('\0') != std::string_view::npos) refuse(source, "has a NUL byte in its header");
  return text;
}

ElementType element_type(const std::string& name, const TensorEntry& entry, std::string_view source) {
  if (entry.type == "F32") return ElementType::f32;
  if (entry.type == "F16") return ElementType::f16;
  if (entry.type == "BF16") return ElementType::bf16;
  throw Error(
      ErrorKind::input,
      fmt::format("{}: tensor \"{}\" is of type \"{}\"; only F32, F16 and BF16 are read, convert it first",
                  source, shown(name), shown(entry.type)));
}

// Of a shape's elements; nothing when it does not fit 64 bits.
std::optional<uint64_t> shape_bytes(const std::vector<uint64_t>& shape, uint64_t bytes) {
  if (std::find(shape.begin(), shape.end(), 0u) != shape.end()) return 0;
  for (const uint64_t side : shape) {
    if (bytes > UINT64_MAX / side) return std::nullopt;
    bytes *= side;
  }
  return bytes;
}

StoredTensor check_tensor(const std::string& name, const TensorEntry& entry, std::span<const std::byte> data,
                          std::string_view source) {
  StoredTensor tensor{element_type(name, entry, source), entry.shape, {}};
  const auto [begin, end] = entry.offsets;
  if (begin > end || end > data.size())
    refuse(source,
           fmt::format("places tensor \"{}\" at bytes {} to {} of {}", shown(name), begin, end, data.size()));
  if (shape_bytes(entry.shape, element_bytes(tensor.type)) != end - begin)
    refuse(source, fmt::format("gives tensor \"{}\" {} bytes, which its shape does not have", shown(name),
                               end - begin));
  tensor.bytes = data.subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
  return tensor;
}

// Every byte belongs to exactly one tensor.
void check_cover(const SafetensorsHeader& header, uint64_t size, std::string_view source) {
  struct Range {
    std::array<uint64_t, 2> offsets;
    const std::string* name;
  };
  std::vector<Range> ranges;
  ranges.reserve(header.tensors.size());
  for (const auto& [name, entry] : header.tensors) ranges.push_back({entry.offsets, &name});
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.offsets < b.offsets; });
  uint64_t covered = 0;
  for (const Range& range : ranges) {
    if (range.offsets[0] < covered)
      refuse(source, fmt::format("has tensor \"{}\" overlap another one", shown(*range.name)));
    if (range.offsets[0] > covered)
      refuse(source, fmt::format("has bytes {} to {} in no tensor", covered, range.offsets[0]));
    covered = range.offsets[1];
  }
  if (covered != size) refuse(source, fmt::format("has bytes {} to {} in no tensor", covered, size));
}

}  // namespace

uint64_t StoredTensor::count() const {
  return bytes.size() / element_bytes(type);
}

std::vector<float> StoredTensor::floats() const {
  std::vector<float> result(static_cast<size_t>(count()));
  for (size_t i = 0; i < result.size(); ++i) result[i] = element(*this, i);
  return result;
}

std::optional<uint64_t> StoredTensor::first_not_finite() const {
  for (uint64_t i = 0; i < count(); ++i) {
    if (!std::isfinite(element(*this, i))) return i;
  }
  return std::nullopt;
}

Safetensors parse_safetensors(std::span<const std::byte> file, std::string_view source) {
  const std::string_view text = header_text(file, source);
  SafetensorsHeader header = parse_safetensors_header(text, source);
  const std::span<const std::byte> data = file.subspan(8 + text.size());
  Safetensors result;
  for (const auto& [name, entry] : header.tensors)
    result.tensors.emplace(name, check_tensor(name, entry, data, source));
  check_cover(header, data.size(), source);
  result.metadata = std::move(header.metadata);
  return result;
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& file)
    : map_(file), contents_(parse_safetensors(map_.bytes(), file.string())) {}

}  // namespace impasto::network
