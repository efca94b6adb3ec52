// JPEG (ITU-T T.81, annex B): markers, most with a segment that starts with its own length, and coded data between them.
#include "image/byte_reader.h"
#include "image/clean.h"
#include "image/exif.h"

#include <map>
#include <string_view>

namespace impasto {
namespace {

constexpr std::uint64_t kStart = 0xffd8;
constexpr std::uint64_t kEnd = 0xffd9;
constexpr std::uint64_t kScan = 0xffda;
constexpr std::uint64_t kJfif = 0xffe0;
constexpr std::uint64_t kExif = 0xffe1;
constexpr std::uint64_t kIcc = 0xffe2;
constexpr std::uint64_t kAdobe = 0xffee;  // says how colours are coded
constexpr std::uint64_t kLastApplication = 0xffef;
constexpr std::uint64_t kComment = 0xfffe;

constexpr std::string_view kExifName("Exif\0\0", 6);
constexpr std::string_view kIccName("ICC_PROFILE\0", 12);

bool is_needed(std::uint64_t marker) {
  const bool application = marker >= kJfif && marker <= kLastApplication;
  return marker != kComment && (!application || marker == kJfif || marker == kAdobe);
}

// A profile comes in numbered pieces: ICC.1:2022, annex B.4.
struct Pieces {
  std::map<std::uint64_t, std::span<const std::uint8_t>> by_number;
  std::uint64_t count = 0;
};

void take_piece(const ByteReader& segment, Pieces& pieces) {
  const std::size_t header = kIccName.size() + 2;
  const std::optional<std::uint64_t> number = segment.number(kIccName.size(), 1);
  const std::optional<std::uint64_t> count = segment.number(kIccName.size() + 1, 1);
  if (!number || !count) return;
  pieces.count = *count;
  pieces.by_number.emplace(*number, segment.bytes(header, segment.size() - header));
}

IccProfile joined(const Pieces& pieces) {
  IccProfile profile;
  for (std::uint64_t number = 1; number <= pieces.count; ++number) {
    const auto found = pieces.by_number.find(number);
    if (found == pieces.by_number.end()) return {};
    profile.insert(profile.end(), found->second.begin(), found->second.end());
  }
  return profile;
}

// Where coded data ends: at a byte of ones that is followed by neither a zero nor a restart marker.
std::size_t end_of_coded_data(std::span<const std::uint8_t> file, std::size_t offset) {
  for (; offset + 1 < file.size(); ++offset) {
    const std::uint8_t next = file[offset + 1];
    if (file[offset] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) return offset;
  }
  return file.size();
}

}  // namespace

std::optional<CleanFile> clean_jpeg(std::vector<std::uint8_t> file) {
  const ByteReader reader(file, true);
  if (reader.number(0, 2) != kStart) return std::nullopt;
  CleanFile clean;
  clean.bytes.reserve(file.size());
  const auto keep = [&](std::size_t begin, std::size_t end) {
    clean.bytes.insert(clean.bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(begin),
                       file.begin() + static_cast<std::ptrdiff_t>(end));
  };
  Pieces pieces;
  keep(0, 2);
  for (std::size_t offset = 2; offset < file.size();) {
    offset = end_of_coded_data(file, offset);  // there is none before the first scan
    const std::optional<std::uint64_t> marker = reader.number(offset, 2);
    if (!marker) return std::nullopt;
    if (*marker == kEnd) {
      keep(offset, offset + 2);
      clean.icc = joined(pieces);
      return clean;
    }
    const std::optional<std::uint64_t> length = reader.number(offset + 2, 2);
    if (!length || *length < 2) return std::nullopt;
    const std::size_t end = offset + 2 + static_cast<std::size_t>(*length);
    if (end > file.size()) return std::nullopt;
    const ByteReader segment(reader.bytes(offset + 4, *length - 2), true);
    if (is_needed(*marker)) keep(offset, end);
    if (*marker == kIcc && segment.has(0, kIccName)) take_piece(segment, pieces);
    if (*marker == kExif && segment.has(0, kExifName)) {
      clean.orientation = exif_orientation(segment.bytes(0, segment.size()));
    }
    offset = end;
    if (*marker == kScan) {
      offset = end_of_coded_data(file, end);
      keep(end, offset);
    }
  }
  return std::nullopt;
}

}  // namespace impasto
