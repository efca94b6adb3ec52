// Reads the few fields of a NetParameter that matter and skips all others.
#include "network/import/caffe.h"

#include "base/shown.h"
#include "network/import/cursor.h"
#include "network/import/refuse.h"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace impasto::network {
namespace {

// Wire types.
constexpr uint64_t kVarint = 0;
constexpr uint64_t kFixed64 = 1;
constexpr uint64_t kBytes = 2;
constexpr uint64_t kFixed32 = 5;

struct Field {
  uint64_t number = 0;
  uint64_t type = 0;
  uint64_t value = 0;                // of a varint
  std::span<const std::byte> bytes;  // of the others
};

uint64_t read_varint(Cursor& cursor) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const uint64_t byte = cursor.number(1);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  refuse_damaged(cursor.source(), "has a number of more than 64 bits");
}

Field read_field(Cursor& cursor) {
  const uint64_t key = read_varint(cursor);
  Field field{key >> 3, key & 7, 0, {}};
  switch (field.type) {
    case kVarint:
      field.value = read_varint(cursor);
      return field;
    case kFixed64:
      field.bytes = cursor.take(8);
      return field;
    case kFixed32:
      field.bytes = cursor.take(4);
      return field;
    case kBytes:
      field.bytes = cursor.take(read_varint(cursor));
      return field;
    default:
      refuse_unsupported(cursor.source(), fmt::format("is no Caffe model (wire type {} at byte {})",
                                                      field.type, cursor.position()));
  }
}

// Where the two generations of layers keep what matters.
struct LayerFields {
  uint64_t in_network;
  uint64_t name;
  uint64_t blobs;
};
constexpr std::array<LayerFields, 2> kLayerFields{{{2, 4, 6}, {100, 1, 7}}};

// BlobProto: num, channels, height, width = 1 … 4; data = 5; shape = 7, whose dim = 1.
std::vector<uint64_t> read_dimensions(std::span<const std::byte> message, std::string_view source) {
  std::vector<uint64_t> shape;
  Cursor cursor(message, source);
  while (!cursor.at_end()) {
    const Field field = read_field(cursor);
    if (field.number != 1) continue;
    if (field.type == kVarint) shape.push_back(field.value);
    if (field.type != kBytes) continue;
    Cursor packed(field.bytes, source);
    while (!packed.at_end()) shape.push_back(read_varint(packed));
  }
  return shape;
}

FoundTensor read_blob(std::span<const std::byte> message, const std::string& name, std::string_view source) {
  FoundTensor tensor;
  tensor.name = name;
  std::array<std::optional<uint64_t>, 4> sides;
  Cursor cursor(message, source);
  while (!cursor.at_end()) {
    const Field field = read_field(cursor);
    if (field.number >= 1 && field.number <= 4 && field.type == kVarint)
      sides[field.number - 1] = field.value;
    if (field.number == 7 && field.type == kBytes) tensor.shape = read_dimensions(field.bytes, source);
    if (field.number != 5) continue;
    if (field.type != kBytes || !tensor.bytes.empty())
      refuse_unsupported(source, fmt::format("has \"{}\" in pieces", shown(name)));
    tensor.bytes = field.bytes;
  }
  if (tensor.shape.empty() && sides[0]) {
    for (const std::optional<uint64_t>& side : sides) tensor.shape.push_back(side.value_or(1));
  }
  tensor.strides = rows_last(tensor.shape);
  check_tensor(tensor, source);
  return tensor;
}

void read_layer(std::span<const std::byte> message, const LayerFields& fields, std::string_view source,
                std::vector<FoundTensor>& tensors) {
  std::string name;
  std::vector<std::span<const std::byte>> blobs;
  Cursor cursor(message, source);
  while (!cursor.at_end()) {
    const Field field = read_field(cursor);
    if (field.type != kBytes) continue;
    if (field.number == fields.name) name = as_text(field.bytes);
    if (field.number == fields.blobs) blobs.push_back(field.bytes);
  }
  if (blobs.size() < 2) return;
  tensors.push_back(read_blob(blobs[0], name + ".weight", source));
  tensors.push_back(read_blob(blobs[1], name + ".bias", source));
}

}  // namespace

std::vector<FoundTensor> read_caffemodel(std::span<const std::byte> file, std::string_view source) {
  std::vector<FoundTensor> tensors;
  Cursor cursor(file, source);
  while (!cursor.at_end()) {
    const Field field = read_field(cursor);
    for (const LayerFields& fields : kLayerFields)
      if (field.number == fields.in_network && field.type == kBytes)
        read_layer(field.bytes, fields, source, tensors);
  }
  return tensors;
}

}  // namespace impasto::network
