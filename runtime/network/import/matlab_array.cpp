// Reads elements: a tag of type and size, data, padding to eight bytes.
#include "network/import/matlab_array.h"

#include "network/import/cursor.h"
#include "network/import/refuse.h"

#include <algorithm>

namespace impasto::network {
namespace {

constexpr uint64_t kInt32 = 5;
constexpr uint64_t kMatrix = 14;
constexpr uint64_t kCompressed = 15;
constexpr int kMaxDepth = 16;
constexpr size_t kHeaderBytes = 128;
constexpr uint64_t kVersion = 0x0100;

struct Part {
  uint64_t type = 0;
  std::span<const std::byte> bytes;
};

// Small parts keep up to four bytes in their tag.
Part read_part(Cursor& cursor) {
  const uint64_t first = cursor.number(4);
  if (const uint64_t size = first >> 16; size != 0) {
    if (size > 4) refuse_damaged(cursor.source(), "has a small element of more than four bytes");
    const std::span<const std::byte> word = cursor.take(4);
    return {first & 0xffff, word.first(static_cast<size_t>(size))};
  }
  const uint64_t size = cursor.number(4);
  const Part part{first, cursor.take(size)};
  if (part.type != kCompressed) cursor.skip(std::min<uint64_t>((8 - size % 8) % 8, cursor.left()));
  return part;
}

std::vector<uint64_t> read_shape(Cursor& cursor) {
  const Part part = read_part(cursor);
  if (part.type != kInt32 || part.bytes.size() % 4 != 0)
    refuse_damaged(cursor.source(), "has a matrix without dimensions");
  Cursor numbers(part.bytes, cursor.source());
  std::vector<uint64_t> shape;
  while (!numbers.at_end()) shape.push_back(numbers.number(4));
  return shape;
}

MatlabKind kind_of(uint64_t array_class) {
  if (array_class == 1) return MatlabKind::cell;
  if (array_class == 2) return MatlabKind::structure;
  if (array_class == 4) return MatlabKind::text;
  return array_class >= 6 && array_class <= 15 ? MatlabKind::numeric : MatlabKind::other;
}

// Names of a fixed length, filled up with zeros.
std::vector<std::string> read_fields(Cursor& cursor) {
  const Part length_part = read_part(cursor);
  const uint64_t length = Cursor(length_part.bytes, cursor.source()).number(4);
  const Part names = read_part(cursor);
  if (length == 0) refuse_damaged(cursor.source(), "has a structure with fields without names");
  Cursor text(names.bytes, cursor.source());
  std::vector<std::string> fields;
  while (text.left() >= length) {
    const std::string_view name = text.text(length);
    fields.emplace_back(name.substr(0, name.find('\0')));
  }
  return fields;
}

MatlabArray read_array(std::span<const std::byte> bytes, std::string_view source, int depth);

void read_items(Cursor& cursor, MatlabArray& array, int depth) {
  constexpr uint64_t kTagBytes = 8;
  uint64_t count = array.kind == MatlabKind::structure ? array.fields.size() : 1;
  for (const uint64_t side : array.shape) {
    if (count != 0 && side > cursor.left() / kTagBytes / count)
      refuse_damaged(cursor.source(), "has a cell array of more cells than bytes");
    count *= side;
  }
  for (uint64_t i = 0; i < count; ++i) {
    const Part part = read_part(cursor);
    if (part.type != kMatrix) refuse_damaged(cursor.source(), "has a cell that is no matrix");
    array.items.push_back(read_array(part.bytes, cursor.source(), depth + 1));
  }
}

MatlabArray read_array(std::span<const std::byte> bytes, std::string_view source, int depth) {
  if (depth > kMaxDepth) refuse_damaged(source, "has cells in cells without an end");
  MatlabArray array;
  if (bytes.empty()) return array;
  Cursor cursor(bytes, source);
  const Part flags = read_part(cursor);
  array.kind = kind_of(Cursor(flags.bytes, source).number(1));
  if (array.kind == MatlabKind::other) return array;
  array.shape = read_shape(cursor);
  array.name = as_text(read_part(cursor).bytes);
  if (array.kind == MatlabKind::structure) array.fields = read_fields(cursor);
  if (array.kind == MatlabKind::structure || array.kind == MatlabKind::cell) {
    read_items(cursor, array, depth);
  } else if (!cursor.at_end()) {
    const Part data = read_part(cursor);
    array.type = data.type;
    array.bytes = data.bytes;
  }
  return array;
}

void check_header(Cursor& cursor) {
  const std::string_view header = cursor.text(kHeaderBytes);
  if (!header.starts_with("MATLAB")) refuse_unsupported(cursor.source(), "is no MATLAB file");
  Cursor version = cursor;
  version.seek(kHeaderBytes - 4);
  if (version.number(2) != kVersion || version.text(2) != "IM")
    refuse_unsupported(cursor.source(),
                       "is a big-endian or a newer MATLAB file than level 5 (saved with -v7.3?)");
}

}  // namespace

const MatlabArray* MatlabArray::field(std::string_view wanted) const {
  if (kind != MatlabKind::structure || items.size() != fields.size()) return nullptr;
  for (size_t i = 0; i < fields.size(); ++i)
    if (fields[i] == wanted) return &items[i];
  return nullptr;
}

MatlabFile read_matlab(std::span<const std::byte> bytes, std::string_view source) {
  constexpr size_t kTagBytes = 8;
  MatlabFile file;
  Cursor cursor(bytes, source);
  check_header(cursor);
  while (!cursor.at_end()) {
    Part part = read_part(cursor);
    if (part.type == kCompressed) {
      const std::vector<std::byte> tag = inflate_start(part.bytes, DeflateFormat::zlib, kTagBytes, source);
      Cursor sizes(tag, source);
      sizes.skip(4);
      file.owners.push_back(
          inflate_exactly(part.bytes, DeflateFormat::zlib, kTagBytes + sizes.number(4), source));
      Cursor inside(*file.owners.back(), source);
      part = read_part(inside);
    }
    if (part.type == kMatrix) file.variables.push_back(read_array(part.bytes, source, 0));
  }
  return file;
}

}  // namespace impasto::network
