// The little of EXIF that the picture library leaves to us. Its layout is that of TIFF 6.0: a header of 8 bytes, then directories
// of 12-byte entries (tag, type, count, value or offset).
#include "image/exif.h"

#include "image/byte_reader.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace impasto {
namespace {

constexpr std::uint32_t kDescriptionTag = 0x010e;
constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kSoftwareTag = 0x0131;
constexpr std::uint32_t kAsciiType = 2;
constexpr std::uint32_t kShortType = 3;
constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kEntryBytes = 12;

void append(std::vector<std::uint8_t>& bytes, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

}  // namespace

int exif_orientation(std::span<const std::uint8_t> block) {
  constexpr std::string_view kPrefix("Exif\0\0", 6);
  if (ByteReader(block, true).has(0, kPrefix)) block = block.subspan(kPrefix.size());
  const bool big_endian = ByteReader(block, true).has(0, "MM");
  const ByteReader reader(block, big_endian);
  if (!big_endian && !reader.has(0, "II")) return 1;
  const std::optional<std::uint64_t> directory = reader.number(4, 4);
  if (!directory) return 1;
  const std::optional<std::uint64_t> entries = reader.number(*directory, 2);
  for (std::size_t i = 0; entries && i < *entries; ++i) {
    const std::size_t entry = static_cast<std::size_t>(*directory) + 2 + i * kEntryBytes;
    if (reader.number(entry, 2) != kOrientationTag || reader.number(entry + 2, 2) != kShortType) continue;
    const std::uint64_t value = reader.number(entry + 8, 2).value_or(1);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

std::vector<std::uint8_t> make_exif(const std::string& description, const std::string& software) {
  std::vector<std::pair<std::uint32_t, const std::string*>> entries = {{kDescriptionTag, &description}};
  if (!software.empty()) entries.emplace_back(kSoftwareTag, &software);

  std::vector<std::uint8_t> block = {'I', 'I', 42, 0};
  append(block, kHeaderBytes, 4);
  append(block, static_cast<std::uint32_t>(entries.size()), 2);
  std::size_t text_offset = kHeaderBytes + 2 + entries.size() * kEntryBytes + 4;
  for (const auto& [tag, text] : entries) {
    const auto count = static_cast<std::uint32_t>(std::max<std::size_t>(text->size() + 1, 5));
    append(block, tag, 2);
    append(block, kAsciiType, 2);
    append(block, count,
           4);  // of at least five bytes, for shorter ones would have to stand in the entry itself
    append(block, static_cast<std::uint32_t>(text_offset), 4);
    text_offset += count;
  }
  append(block, 0, 4);  // no further directory
  for (const auto& [tag, text] : entries) {
    block.insert(block.end(), text->begin(), text->end());
    block.resize(block.size() + std::max<std::size_t>(text->size() + 1, 5) - text->size());
  }
  return block;
}

}  // namespace impasto
