// Which pictures folders, globs, files and lists name.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace impasto::batch {

// Each once, in the order they are named in; a folder's or glob's by their names. flag: where specs came from, for messages. Throws
// Error(usage) where nothing is named, Error(input) for a folder, glob or list without pictures.
std::vector<std::filesystem::path> all_pictures(const std::string& flag,
                                                const std::vector<std::string>& specs);

}  // namespace impasto::batch
