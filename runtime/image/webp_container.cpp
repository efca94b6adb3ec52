// The RIFF container of WebP (RFC 9649, section 2).
#include "image/webp_container.h"

#include <algorithm>
#include <cstddef>

namespace impasto {
namespace {

constexpr std::size_t kFileHeaderBytes = 12;
constexpr std::size_t kChunkHeaderBytes = 8;
constexpr std::uint8_t kIccFlag = 0x20;
constexpr std::uint8_t kAlphaFlag = 0x10;
constexpr std::uint8_t kExifFlag = 0x08;

// A lossless picture starts with a signature byte, 14 bits each of width and height, a bit that says alpha is used, and 3 bits of
// version: 5 bytes.
constexpr std::size_t kLosslessHeaderBytes = 5;
constexpr std::uint8_t kLosslessAlphaBit = 0x10;  // of the last of them

std::uint32_t number_at(std::span<const std::uint8_t> bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | bytes[offset + i];
  return value;
}

std::string id_at(std::span<const std::uint8_t> bytes, std::size_t offset) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(offset),
          bytes.begin() + static_cast<std::ptrdiff_t>(offset + 4)};
}

void append_number(std::vector<std::uint8_t>& out, std::size_t value, int size) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void append_chunk(std::vector<std::uint8_t>& out, std::string_view id, std::span<const std::uint8_t> bytes) {
  out.insert(out.end(), id.begin(), id.end());
  append_number(out, bytes.size(), 4);
  out.insert(out.end(), bytes.begin(), bytes.end());
  if (bytes.size() % 2 != 0) out.push_back(0);
}

std::vector<std::uint8_t> file_of(std::span<const std::uint8_t> chunks) {
  std::vector<std::uint8_t> file = {'R', 'I', 'F', 'F'};
  append_number(file, chunks.size() + 4, 4);
  for (const char letter : std::string_view("WEBP")) file.push_back(static_cast<std::uint8_t>(letter));
  file.insert(file.end(), chunks.begin(), chunks.end());
  return file;
}

// The lossy or lossless picture itself.
const WebpChunk* picture_chunk(std::span<const WebpChunk> chunks) {
  const auto found = std::find_if(chunks.begin(), chunks.end(), [](const WebpChunk& chunk) {
    return chunk.id == "VP8 " || (chunk.id == "VP8L" && chunk.bytes.size() > kLosslessHeaderBytes);
  });
  return found == chunks.end() ? nullptr : &*found;
}

std::vector<std::uint8_t> canvas_of(const WebpExtras& extras) {
  const unsigned flags = (extras.icc.empty() ? 0U : kIccFlag) | (extras.exif.empty() ? 0U : kExifFlag) |
                         (extras.alpha.empty() ? 0U : kAlphaFlag);
  std::vector<std::uint8_t> canvas;
  append_number(canvas, flags, 4);
  append_number(canvas, static_cast<std::size_t>(extras.width - 1), 3);
  append_number(canvas, static_cast<std::size_t>(extras.height - 1), 3);
  return canvas;
}

}  // namespace

std::vector<WebpChunk> webp_chunks(std::span<const std::uint8_t> file) {
  if (file.size() < kFileHeaderBytes || id_at(file, 0) != "RIFF" || id_at(file, 8) != "WEBP") return {};
  const std::size_t claimed = std::size_t{number_at(file, 4)} + kChunkHeaderBytes;
  if (claimed > file.size() || claimed < kFileHeaderBytes) return {};
  file = file.first(claimed);
  std::vector<WebpChunk> chunks;
  for (std::size_t offset = kFileHeaderBytes; file.size() - offset >= kChunkHeaderBytes;) {
    const std::size_t size = number_at(file, offset + 4);
    const std::size_t begin = offset + kChunkHeaderBytes;
    if (size > file.size() - begin) return {};
    chunks.push_back({id_at(file, offset), file.subspan(begin, size)});
    offset = std::min(begin + size + size % 2, file.size());
  }
  return chunks;
}

std::span<const std::uint8_t> find_chunk(std::span<const WebpChunk> chunks, std::string_view id) {
  const auto found =
      std::find_if(chunks.begin(), chunks.end(), [id](const WebpChunk& chunk) { return chunk.id == id; });
  return found == chunks.end() ? std::span<const std::uint8_t>{} : found->bytes;
}

std::optional<std::vector<std::uint8_t>> webp_without_alpha(std::span<const WebpChunk> chunks) {
  const WebpChunk* picture = picture_chunk(chunks);
  if (!picture || !find_chunk(chunks, "ANIM").empty()) return std::nullopt;
  std::vector<std::uint8_t> opaque(picture->bytes.begin(), picture->bytes.end());
  if (picture->id == "VP8L")
    opaque[kLosslessHeaderBytes - 1] &= static_cast<std::uint8_t>(~kLosslessAlphaBit);
  std::vector<std::uint8_t> out;
  append_chunk(out, picture->id, opaque);
  return file_of(out);
}

std::optional<std::vector<std::uint8_t>> webp_with_extras(std::span<const std::uint8_t> file,
                                                          const WebpExtras& extras) {
  const std::vector<WebpChunk> chunks = webp_chunks(file);
  const WebpChunk* picture = picture_chunk(chunks);
  if (!picture) return std::nullopt;

  std::vector<std::uint8_t> out;
  append_chunk(out, "VP8X", canvas_of(extras));
  if (!extras.icc.empty()) append_chunk(out, "ICCP", extras.icc);
  if (!extras.alpha.empty()) {
    // A byte that says how the alpha is packed (0: not at all), then the alpha.
    std::vector<std::uint8_t> alpha = {0};
    alpha.insert(alpha.end(), extras.alpha.begin(), extras.alpha.end());
    append_chunk(out, "ALPH", alpha);
  }
  append_chunk(out, picture->id, picture->bytes);
  if (!extras.exif.empty()) append_chunk(out, "EXIF", extras.exif);
  return file_of(out);
}

}  // namespace impasto
