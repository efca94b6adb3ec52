// Reads little-endian bytes one after the other and never beyond their end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace impasto::network {

class Cursor {
 public:
  Cursor(std::span<const std::byte> bytes, std::string_view source) : bytes_(bytes), source_(source) {}

  uint64_t position() const { return position_; }
  uint64_t left() const { return bytes_.size() - position_; }
  bool at_end() const { return left() == 0; }
  std::string_view source() const { return source_; }

  // Everything below throws Error(input) when it would reach beyond the end.
  void seek(uint64_t position);
  void skip(uint64_t count) { take(count); }
  std::span<const std::byte> take(uint64_t count);
  std::string_view text(uint64_t count);
  uint64_t number(int bytes);  // unsigned, of up to 8 bytes

  // Of these bytes, wherever the cursor stands.
  std::span<const std::byte> part(uint64_t offset, uint64_t count) const;

  // Up to the delimiter, which is skipped.
  std::string_view text_until(char delimiter);

 private:
  std::span<const std::byte> bytes_;
  std::string_view source_;
  size_t position_ = 0;
};

inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace impasto::network
