// A small text file that a person wrote.
#pragma once

#include <filesystem>
#include <string>

namespace impasto::recipe {

// Throws Error(input): missing, unreadable, or larger than a mebibyte.
std::string read_text_file(const std::filesystem::path& file);

}  // namespace impasto::recipe
