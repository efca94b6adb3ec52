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

std::string header_of(const std::vector<TensorToWrite>& tensors,
                      const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const TensorToWrite& tensor : tensors) {
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

std::vector<std::byte> bytes_of(const TensorToWrite& tensor) {
  std::vector<std::byte> bytes;
  bytes.reserve(tensor.values.size() * kElementBytes);
  for (const float value : tensor.values)
    append(bytes, std::bit_cast<uint32_t>(value), static_cast<int>(kElementBytes));
  return bytes;
}

}  // namespace

void write_safetensors(const std::filesystem::path& file, const std::vector<TensorToWrite>& tensors,
                       const std::map<std::string, std::string>& metadata, bool overwrite) {
  const std::string header = header_of(tensors, metadata);
  AtomicFile out(file, overwrite);
  std::vector<std::byte> length;
  append(length, header.size(), 8);
  out.write(length);
  out.write(std::as_bytes(std::span(header)));
  for (const TensorToWrite& tensor : tensors) out.write(bytes_of(tensor));
  out.commit();
}

}  // namespace impasto::network
