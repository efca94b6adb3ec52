// Feeds zlib in pieces that its 32-bit counts can hold.
#include "network/import/inflate.h"

#include "network/import/refuse.h"

#include <fmt/format.h>

#include <algorithm>
#include <zlib.h>

namespace impasto::network {
namespace {

constexpr uint64_t kMaxRatio = 1032;  // of deflate: 258 bytes for two bits
constexpr uint64_t kMaxBytes = uint64_t{1} << 32;
constexpr size_t kLargestPiece = size_t{1} << 30;

class Stream {
 public:
  Stream(std::span<const std::byte> packed, DeflateFormat format, std::string_view source)
      : packed_(packed), source_(source) {
    if (inflateInit2(&stream_, format == DeflateFormat::raw ? -MAX_WBITS : MAX_WBITS) != Z_OK)
      refuse_unsupported(source, "cannot be decompressed here");
  }
  ~Stream() { inflateEnd(&stream_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Fills `out` as far as the data goes and returns how far. ended() is true when the data has ended.
  size_t read(std::span<std::byte> out) {
    size_t filled = 0;
    while (!ended_ && filled < out.size()) {
      const size_t got = step(out.subspan(filled, std::min(out.size() - filled, kLargestPiece)));
      filled += got;
    }
    return filled;
  }

  bool ended() const { return ended_; }

 private:
  size_t step(std::span<std::byte> out) {
    const size_t in = std::min(packed_.size(), kLargestPiece);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed_.data()));
    stream_.avail_in = static_cast<uInt>(in);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END)
      refuse_damaged(source_, "has compressed data that cannot be read");
    ended_ = status == Z_STREAM_END;
    packed_ = packed_.subspan(in - stream_.avail_in);
    return out.size() - stream_.avail_out;
  }

  std::span<const std::byte> packed_;
  std::string_view source_;
  z_stream stream_{};
  bool ended_ = false;
};

}  // namespace

OwnedBytes inflate_exactly(std::span<const std::byte> packed, DeflateFormat format, uint64_t size,
                           std::string_view source) {
  if (size > kMaxBytes || size / kMaxRatio > packed.size())
    refuse_damaged(source, fmt::format("claims {} bytes in {} compressed ones", size, packed.size()));
  auto bytes = std::make_shared<std::vector<std::byte>>(static_cast<size_t>(size));
  Stream stream(packed, format, source);
  std::byte more{};
  if (stream.read(*bytes) != bytes->size() || stream.read({&more, 1}) != 0 || !stream.ended())
    refuse_damaged(source,
                   fmt::format("has compressed data of another length than the {} bytes it claims", size));
  return bytes;
}

std::vector<std::byte> inflate_start(std::span<const std::byte> packed, DeflateFormat format, size_t count,
                                     std::string_view source) {
  std::vector<std::byte> bytes(count);
  Stream stream(packed, format, source);
  bytes.resize(stream.read(bytes));
  return bytes;
}

}  // namespace impasto::network
