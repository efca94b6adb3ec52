// Where networks live that are asked for by name.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace impasto::network {

// IMPASTO_WEIGHTS_DIR when it is set, then the user's data directory's "weights" when there is one. What is fetched goes to the first.
std::vector<std::filesystem::path> weights_folders();

// "vgg19" as the name of its file.
std::filesystem::path weights_file_name(std::string_view model);

}  // namespace impasto::network
