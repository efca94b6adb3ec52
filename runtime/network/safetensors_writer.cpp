// A header in the order of the data, padded so that the data is aligned, then the tensors one after the other.
#include "network/safetensors_writer.h"

#include "base/atomic_file.h"

#include <nlohmann/json.hpp>

#include <bit>
#include <cassert>
#include <cstddef>

namespace impasto::network {
namespace {

constexpr size_t kAlignment = 8;
constexpr uint64_t kElementBytes = 4;

std::string header_of(const std::vector<TensorView>& tensors,
                      const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const TensorView& tensor : tensors) {
    assert(!header.contains(tensor.name));
    const uint64_t end = offset + tensor.values.size() * kElementBytes;
    header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return text;
}

void append(std::vector<std::byte>& bytes, uint64_t value, int count) {
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
}

void write_values(AtomicFile& out, std::span<const float> values) {
  if constexpr (std::endian::native == std::endian::little) {
    out.write(std::as_bytes(values));
  } else {
    std::vector<std::byte> bytes;
    bytes.reserve(values.size() * kElementBytes);
    for (const float value : values)
      append(bytes, std::bit_cast<uint32_t>(value), static_cast<int>(kElementBytes));
    out.write(bytes);
  }
}

}  // namespace

void write_tensor_views(const std::filesystem::path& file, const std::vector<TensorView>& tensors,
                        const std::map<std::string, std::string>& metadata, bool overwrite) {
  const std::string header = header_of(tensors, metadata);
  AtomicFile out(file, overwrite);
  std::vector<std::byte> length;
  append(length, header.size(), 8);
  out.write(length);
  out.write(std::as_bytes(std::span(header)));
  for (const TensorView& tensor : tensors) write_values(out, tensor.values);
  out.commit();
}

void write_safetensors(const std::filesystem::path& file, const std::vector<TensorToWrite>& tensors,
                       const std::map<std::string, std::string>& metadata, bool overwrite) {
  std::vector<TensorView> views;
  for (const TensorToWrite& tensor : tensors) views.push_back({tensor.name, tensor.shape, tensor.values});
  write_tensor_views(file, views, metadata, overwrite);
}

}  // namespace impasto::network
