// Numbers out of bytes that nobody vouches for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace impasto {

class ByteReader {
 public:
  ByteReader(std::span<const std::uint8_t> bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  // An unsigned number of up to 8 bytes; nothing when it would reach beyond the end.
  std::optional<std::uint64_t> number(std::size_t offset, std::size_t size) const {
    const std::span<const std::uint8_t> part = bytes(offset, size);
    if (part.size() != size) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | part[big_endian_ ? i : size - 1 - i];
    return value;
  }

  // Empty when they would reach beyond the end.
  std::span<const std::uint8_t> bytes(std::uint64_t offset, std::uint64_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) return {};
    return bytes_.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
  }

  bool has(std::size_t offset, std::string_view text) const {
    const std::span<const std::uint8_t> part = bytes(offset, text.size());
    return part.size() == text.size() &&
           std::equal(text.begin(), text.end(), part.begin(),
                      [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
  }

  std::size_t size() const { return bytes_.size(); }

 private:
  std::span<const std::uint8_t> bytes_;
  bool big_endian_;
};

}  // namespace impasto
