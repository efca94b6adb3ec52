// Reads a zip archive by its central directory.
#include "network/import/zip.h"

#include "base/shown.h"
#include "network/import/cursor.h"
#include "network/import/refuse.h"

#include <fmt/format.h>

#include <algorithm>
#include <zlib.h>

namespace impasto::network {
namespace {

constexpr uint64_t kEndSignature = 0x06054b50;
constexpr uint64_t kEntrySignature = 0x02014b50;
constexpr uint64_t kHeaderSignature = 0x04034b50;
constexpr size_t kEndBytes = 22;
constexpr size_t kMaxCommentBytes = 65'535;
constexpr uint64_t kNeeds64Bits = 0xffffffff;
constexpr uint64_t kEncrypted = 1;
constexpr uint64_t kStored = 0;
constexpr uint64_t kDeflated = 8;

// The directory's end record is the last one whose comment reaches exactly to the end of the file.
Cursor find_end(std::span<const std::byte> file, std::string_view source) {
  const size_t earliest = file.size() - std::min(file.size(), kEndBytes + kMaxCommentBytes);
  for (size_t start = file.size() - std::min(file.size(), kEndBytes); start + kEndBytes <= file.size();
       --start) {
    Cursor record(file.subspan(start), source);
    if (record.number(4) == kEndSignature) {
      record.seek(20);
      if (record.number(2) == record.left()) {
        record.seek(4);
        return record;
      }
    }
    if (start == earliest) break;
  }
  refuse_damaged(source, "has no zip directory at its end");
}

uint32_t crc_of(std::span<const std::byte> bytes) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

ZipArchive::ZipArchive(std::span<const std::byte> file, std::string_view source)
    : file_(file), source_(source) {
  Cursor end = find_end(file, source);
  const uint64_t disk = end.number(2), first_disk = end.number(2);
  const uint64_t count_here = end.number(2), count = end.number(2);
  const uint64_t bytes = end.number(4), offset = end.number(4);
  if (disk != 0 || first_disk != 0 || count_here != count)
    refuse_unsupported(source, "is a part of a split zip archive");
  if (bytes == kNeeds64Bits || offset == kNeeds64Bits)
    refuse_unsupported(source, "is a zip archive of more than 4 GiB");
  Cursor directory(Cursor(file, source).part(offset, bytes), source);
  for (uint64_t i = 0; i < count; ++i) read_entry(directory);
}

void ZipArchive::read_entry(Cursor& directory) {
  if (directory.number(4) != kEntrySignature)
    refuse_damaged(source_, "has a zip directory with a broken entry");
  directory.skip(4);  // versions
  Member member;
  member.flags = directory.number(2);
  member.method = directory.number(2);
  directory.skip(4);  // time and date
  member.crc = directory.number(4);
  member.packed_size = directory.number(4);
  member.size = directory.number(4);
  const uint64_t name_bytes = directory.number(2), extra_bytes = directory.number(2),
                 comment_bytes = directory.number(2);
  directory.skip(8);  // disk and attributes
  member.header = directory.number(4);
  const std::string name(directory.text(name_bytes));
  directory.skip(extra_bytes + comment_bytes);
  if (member.packed_size == kNeeds64Bits || member.size == kNeeds64Bits || member.header == kNeeds64Bits)
    refuse_unsupported(source_, fmt::format("has \"{}\" with a size of 64 bits", shown(name)));
  if (!members_.emplace(name, member).second)
    refuse_damaged(source_, fmt::format("has \"{}\" twice", shown(name)));
}

std::vector<std::string> ZipArchive::names() const {
  std::vector<std::string> names;
  for (const auto& [name, member] : members_) names.push_back(name);
  return names;
}

ZipArchive::Content ZipArchive::read(const std::string& name, bool check_sum) const {
  const auto found = members_.find(name);
  if (found == members_.end()) refuse_damaged(source_, fmt::format("has no member \"{}\"", shown(name)));
  const Member& member = found->second;
  if ((member.flags & kEncrypted) != 0)
    refuse_unsupported(source_, fmt::format("has \"{}\" encrypted", shown(name)));
  Cursor header(file_, source_);
  header.seek(member.header);
  if (header.number(4) != kHeaderSignature)
    refuse_damaged(source_, fmt::format("has no header for \"{}\"", shown(name)));
  header.skip(22);
  const uint64_t name_bytes = header.number(2), extra_bytes = header.number(2);
  header.skip(name_bytes + extra_bytes);
  Content content{header.take(member.packed_size), nullptr};
  if (member.method == kDeflated) {
    content.owner = inflate_exactly(content.bytes, DeflateFormat::raw, member.size, source_);
    content.bytes = *content.owner;
  } else if (member.method != kStored) {
    refuse_unsupported(source_,
                       fmt::format("has \"{}\" compressed by method {}", shown(name), member.method));
  }
  if (content.bytes.size() != member.size)
    refuse_damaged(source_, fmt::format("has \"{}\" in another size than it says", shown(name)));
  if (check_sum && crc_of(content.bytes) != member.crc)
    refuse_damaged(source_, fmt::format("has \"{}\" with a wrong checksum", shown(name)));
  return content;
}

}  // namespace impasto::network
