// Decompression of zlib and deflate data, bounded by what such data can hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace impasto::network {

using OwnedBytes = std::shared_ptr<const std::vector<std::byte>>;

enum class DeflateFormat { raw, zlib };

// All of `packed`, which must hold exactly `size` bytes. Throws Error(input) otherwise, before memory is taken for a size that so few
// packed bytes cannot hold.
OwnedBytes inflate_exactly(std::span<const std::byte> packed, DeflateFormat format, uint64_t size,
                           std::string_view source);

// Its first bytes, at most `count` of them, for what says how long the rest is.
std::vector<std::byte> inflate_start(std::span<const std::byte> packed, DeflateFormat format, size_t count,
                                     std::string_view source);

}  // namespace impasto::network
