// The pictures that ship with Impasto.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace impasto::viewer {

// kind: "photographs" or "styles". Sorted by name; none where they were not installed.
const std::vector<std::filesystem::path>& sample_pictures(const std::string& kind);

}  // namespace impasto::viewer
