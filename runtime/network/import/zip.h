// The zip archives of PyTorch and NumPy: PKWARE's APPNOTE.TXT, as far as they use it. Stored and deflated members, no encryption.
#pragma once

#include "network/import/inflate.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace impasto::network {

class ZipArchive {
 public:
  struct Content {
    std::span<const std::byte> bytes;
    OwnedBytes owner;  // of what was compressed
  };

  // Reads the directory. Throws Error(input): none at the end, split over disks, 64-bit sizes that are needed, a name twice.
  ZipArchive(std::span<const std::byte> file, std::string_view source);

  // By name, in order of names.
  std::vector<std::string> names() const;
  bool has(const std::string& name) const { return members_.count(name) != 0; }

  // Throws Error(input): no such member, outside of the file, encrypted, compressed by another method or to another size; with
  // check_sum also when the CRC-32 differs (PyTorch can be told to write none).
  Content read(const std::string& name, bool check_sum) const;

 private:
  struct Member {
    uint64_t flags = 0;
    uint64_t method = 0;
    uint64_t crc = 0;
    uint64_t packed_size = 0;
    uint64_t size = 0;
    uint64_t header = 0;  // where its own header is
  };

  void read_entry(class Cursor& directory);

  std::span<const std::byte> file_;
  std::string_view source_;
  std::map<std::string, Member> members_;
};

}  // namespace impasto::network
