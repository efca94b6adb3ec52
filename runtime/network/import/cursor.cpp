// Bounds of everything that the importers read.
#include "network/import/cursor.h"

#include "base/half_float.h"
#include "network/import/refuse.h"

#include <fmt/format.h>

#include <cassert>

namespace impasto::network {

std::span<const std::byte> Cursor::part(uint64_t offset, uint64_t count) const {
  if (offset > bytes_.size() || count > bytes_.size() - offset)
    refuse_damaged(source_, fmt::format("wants {} bytes at {} of {}", count, offset, bytes_.size()));
  return bytes_.subspan(static_cast<size_t>(offset), static_cast<size_t>(count));
}

void Cursor::seek(uint64_t position) {
  part(position, 0);
  position_ = static_cast<size_t>(position);
}

std::span<const std::byte> Cursor::take(uint64_t count) {
  const std::span<const std::byte> taken = part(position_, count);
  position_ += taken.size();
  return taken;
}

std::string_view Cursor::text(uint64_t count) {
  return as_text(take(count));
}

uint64_t Cursor::number(int bytes) {
  assert(bytes >= 1 && bytes <= 8);
  return little_endian(take(static_cast<uint64_t>(bytes)).data(), bytes);
}

std::string_view Cursor::text_until(char delimiter) {
  const std::string_view rest = as_text(bytes_.subspan(position_));
  const size_t length = rest.find(delimiter);
  if (length == std::string_view::npos) refuse_damaged(source_, "has a text that does not end");
  position_ += length + 1;
  return rest.substr(0, length);
}

}  // namespace impasto::network
