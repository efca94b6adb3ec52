// The public weight files, as data: where they are, how to know them, and what they want to see.
#pragma once

#include "network/convention.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::network {

enum class HashKind {
  sha256,
  sha256_start,  // the first digits of one, as PyTorch has them in names
  md5            // where no better one was published
};

struct PublicFile {
  std::string model;  // what it is called when it is installed
  std::string name;   // of the file
  std::vector<std::string> urls;
  uint64_t bytes = 0;  // 0 when no size was published
  HashKind kind = HashKind::sha256;
  std::string hash;  // hexadecimal, lower case
  std::string license;
  Convention convention;
  bool fetched = true;  // by name; others are only known when they are met
};

// In the order in which files of one model are tried.
const std::vector<PublicFile>& public_files();

// Of the file with these bytes when it is a public one; nothing when it is not, or when this program was built without hashes.
std::optional<Convention> published_convention(std::span<const std::byte> bytes);

}  // namespace impasto::network
