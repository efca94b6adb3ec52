// TIFF 6.0 and BigTIFF: a header that points to a directory of entries (tag, type, count, value or offset).
#include "image/byte_reader.h"
#include "image/clean.h"

#include <algorithm>
#include <array>

namespace impasto {
namespace {

constexpr std::uint64_t kIccTag = 34675;
constexpr std::uint64_t kByteType = 1;

// XMP, IPTC, Photoshop, EXIF, the profile, GPS, and Photoshop's second.
constexpr std::array<std::uint64_t, 7> kUnneeded = {700, 33723, 34377, 34665, kIccTag, 34853, 37724};

// A private tag that no reader knows, so that an entry can be blotted out in its place.
constexpr std::uint64_t kNobodysTag = 65001;

struct Layout {
  bool big_endian;
  std::size_t word;     // of offsets and counts
  std::size_t counter;  // of the number of entries
  std::size_t entry() const { return 4 + 2 * word; }
};

std::optional<Layout> layout_of(const ByteReader& bytes) {
  const bool big_endian = bytes.has(0, "MM");
  if (!big_endian && !bytes.has(0, "II")) return std::nullopt;
  const std::uint64_t version = bytes.number(big_endian ? 3 : 2, 1).value_or(0);
  if (version == 42) return Layout{big_endian, 4, 2};
  if (version == 43) return Layout{big_endian, 8, 8};
  return std::nullopt;
}

void put(std::vector<std::uint8_t>& file, const Layout& layout, std::size_t offset, std::size_t size,
         std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t shift = 8 * (layout.big_endian ? size - 1 - i : i);
    file[offset + i] = static_cast<std::uint8_t>(value >> shift);
  }
}

IccProfile profile_at(const ByteReader& reader, const Layout& layout, std::size_t entry) {
  const std::uint64_t count = reader.number(entry + 4, layout.word).value_or(0);
  const std::uint64_t offset = reader.number(entry + 4 + layout.word, layout.word).value_or(0);
  const std::span<const std::uint8_t> bytes = reader.bytes(offset, count);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::optional<CleanFile> clean_tiff(std::vector<std::uint8_t> file) {
  const std::optional<Layout> layout = layout_of(ByteReader(file, false));
  if (!layout) return std::nullopt;
  const ByteReader reader(file, layout->big_endian);
  const std::optional<std::uint64_t> directory = reader.number(layout->word == 4 ? 4 : 8, layout->word);
  if (!directory || *directory > file.size()) return std::nullopt;
  const std::size_t start = static_cast<std::size_t>(*directory);
  const std::optional<std::uint64_t> entries = reader.number(start, layout->counter);
  if (!entries || *entries > (file.size() - start) / layout->entry()) return std::nullopt;

  CleanFile clean;
  for (std::size_t i = 0; i < *entries; ++i) {
    const std::size_t entry = start + layout->counter + i * layout->entry();
    const std::uint64_t tag = reader.number(entry, 2).value_or(0);
    if (std::find(kUnneeded.begin(), kUnneeded.end(), tag) == kUnneeded.end()) continue;
    if (entry + layout->entry() > file.size()) return std::nullopt;
    if (tag == kIccTag) clean.icc = profile_at(reader, *layout, entry);
    put(file, *layout, entry, 2, kNobodysTag);
    put(file, *layout, entry + 2, 2, kByteType);
    put(file, *layout, entry + 4, layout->word, 1);
    put(file, *layout, entry + 4 + layout->word, layout->word, 0);
  }
  clean.bytes = std::move(file);
  return clean;
}

}  // namespace impasto
