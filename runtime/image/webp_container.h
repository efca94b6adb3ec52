// The RIFF container of WebP, for what the picture library does not carry in and out of it: profile, EXIF and exact alpha.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace impasto {

struct WebpChunk {
  std::string id;  // four characters
  std::span<const std::uint8_t> bytes;
};

// The chunks of a file, views into it; empty when it is not WebP or says it is longer than it is.
std::vector<WebpChunk> webp_chunks(std::span<const std::uint8_t> file);

// The first chunk of that name, or an empty span.
std::span<const std::uint8_t> find_chunk(std::span<const WebpChunk> chunks, std::string_view id);

// A still picture without its alpha: the colours that transparency would otherwise be multiplied into. Nothing for animations.
std::optional<std::vector<std::uint8_t>> webp_without_alpha(std::span<const WebpChunk> chunks);

struct WebpExtras {
  int width = 0;
  int height = 0;
  std::span<const std::uint8_t> icc;
  std::span<const std::uint8_t> exif;
  std::span<const std::uint8_t>
      alpha;  // a whole lossless WebP file whose green channel is the alpha; empty when opaque
};

// A plain file with the extras wrapped around its picture. Nothing when the file is not plain.
std::optional<std::vector<std::uint8_t>> webp_with_extras(std::span<const std::uint8_t> file,
                                                          const WebpExtras& extras);

}  // namespace impasto
