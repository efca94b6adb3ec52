// Writes a gradient for NumPy.
#include "npy.h"

#include "base/atomic_file.h"

#include <fmt/format.h>

#include <bit>
#include <cassert>
#include <cstdint>
#include <span>

namespace impasto::cli {
namespace {

constexpr size_t kAlignment = 64;  // of the data, which NumPy may map

}  // namespace

std::string npy_bytes(int height, int width, const std::vector<float>& values) {
  assert(values.size() == static_cast<size_t>(height) * static_cast<size_t>(width) * 3);
  std::string header =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}, 3), }}", height, width);
  const size_t before = 10;  // magic, version, length
  while ((before + header.size() + 1) % kAlignment != 0) header += ' ';
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  bytes.reserve(bytes.size() + values.size() * 4);
  for (const float value : values) {
    const auto bits = std::bit_cast<uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((bits >> shift) & 0xff);
  }
  return bytes;
}

void write_npy(const std::filesystem::path& file, int height, int width, const std::vector<float>& values,
               bool overwrite) {
  const std::string bytes = npy_bytes(height, width, values);
  write_file(file, std::as_bytes(std::span(bytes)), overwrite);
}

}  // namespace impasto::cli
