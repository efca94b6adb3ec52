// Where what ships with Impasto may be.
#pragma once

#include <filesystem>
#include <vector>

namespace impasto {

// IMPASTO_ASSETS when it is set; else share/impasto beside the program or library or up to two folders above it, and in the prefix
// that this was built for.
std::vector<std::filesystem::path> asset_folders();

}  // namespace impasto
