// Short names for bytes, to notice that a file is another one than before.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace impasto {

// SHA-1 in hexadecimal: against mistakes, not against malice.
std::string fingerprint(std::span<const std::byte> bytes);

// Of a file's bytes. Throws Error(input) when there is no such regular file or it cannot be read.
std::string file_fingerprint(const std::filesystem::path& file);

}  // namespace impasto
