// PNG (W3C Recommendation, second edition): a signature, then chunks of length, name, data and checksum.
#include "image/byte_reader.h"
#include "image/clean.h"
#include "image/exif.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <zlib.h>

namespace impasto {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr std::size_t kHeaderBytes = 13;
constexpr std::size_t kFrameBytes = 12;  // of a chunk, around its data

constexpr std::array<std::string_view, 7> kKept = {"IHDR", "PLTE", "tRNS", "gAMA", "sRGB", "IDAT", "IEND"};

struct Chunk {
  std::string name;
  std::span<const std::uint8_t> data;
  std::span<const std::uint8_t> whole;
};

// The checked chunk at an offset; nothing when it is not whole.
std::optional<Chunk> chunk_at(const ByteReader& reader, std::size_t offset) {
  const std::optional<std::uint64_t> length = reader.number(offset, 4);
  if (!length) return std::nullopt;
  const std::span<const std::uint8_t> whole = reader.bytes(offset, *length + kFrameBytes);
  if (whole.empty()) return std::nullopt;
  const std::span<const std::uint8_t> checked = whole.subspan(4, static_cast<std::size_t>(*length) + 4);
  const uLong checksum = crc32_z(0, checked.data(), checked.size());
  if (reader.number(offset + 8 + static_cast<std::size_t>(*length), 4) != checksum) return std::nullopt;
  return Chunk{{checked.begin(), checked.begin() + 4}, checked.subspan(4), whole};
}

std::vector<std::uint8_t> inflate_all(std::span<const std::uint8_t> packed) {
  constexpr std::size_t kLargest = std::size_t{16} << 20;  // a profile of more is not one
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return {};
  stream.next_in = const_cast<Bytef*>(packed.data());  // zlib does not write to it
  stream.avail_in = static_cast<uInt>(packed.size());
  std::vector<std::uint8_t> bytes;
  int status = Z_OK;
  while (status == Z_OK && bytes.size() < kLargest) {
    const std::size_t before = bytes.size();
    bytes.resize(before + 4096);
    stream.next_out = bytes.data() + before;
    stream.avail_out = 4096;
    status = inflate(&stream, Z_NO_FLUSH);
    bytes.resize(bytes.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END ? bytes : std::vector<std::uint8_t>{};
}

// A name, a zero, a zero for the method, then the packed profile.
IccProfile profile_in(std::span<const std::uint8_t> data) {
  const auto end = std::find(data.begin(), data.end(), std::uint8_t{0});
  if (data.end() - end < 2 || end[1] != 0) return {};
  return inflate_all(data.subspan(static_cast<std::size_t>(end - data.begin()) + 2));
}

void take(const Chunk& chunk, CleanFile& clean) {
  if (std::find(kKept.begin(), kKept.end(), chunk.name) != kKept.end()) {
    clean.bytes.insert(clean.bytes.end(), chunk.whole.begin(), chunk.whole.end());
  } else if (chunk.name == "iCCP") {
    clean.icc = profile_in(chunk.data);
  } else if (chunk.name == "eXIf") {
    clean.orientation = exif_orientation(chunk.data);
  }
}

}  // namespace

std::optional<CleanFile> clean_png(std::vector<std::uint8_t> file) {
  const ByteReader reader(file, true);
  if (!reader.has(0, kSignature)) return std::nullopt;
  CleanFile clean;
  clean.bytes.reserve(file.size());
  clean.bytes.assign(file.begin(), file.begin() + kSignature.size());
  std::size_t offset = kSignature.size();
  for (bool first = true;; first = false) {
    const std::optional<Chunk> chunk = chunk_at(reader, offset);
    if (!chunk) return std::nullopt;
    if (first != (chunk->name == "IHDR") || (first && chunk->data.size() != kHeaderBytes))
      return std::nullopt;
    if (first)
      clean.size = {reader.number(offset + 8, 4).value_or(0), reader.number(offset + 12, 4).value_or(0)};
    take(*chunk, clean);
    if (chunk->name == "IEND") return clean;
    offset += chunk->whole.size();
  }
}

}  // namespace impasto
