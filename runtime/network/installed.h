// Where networks live that are asked for by name.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::network {

// IMPASTO_WEIGHTS_DIR when it is set, then the user's data directory's "weights" when there is one. What is fetched goes to the first.
std::vector<std::filesystem::path> weights_folders();

// Those, then where what ships with Impasto may be: IMPASTO_ASSETS when it is set; else share/impasto beside the program or library or
// up to two folders above it, and in the prefix that this was built for.
std::vector<std::filesystem::path> model_folders();

// "vgg19" as the name of its file.
std::filesystem::path weights_file_name(std::string_view model);

struct FoundModel {
  std::string name;  // "vgg19", "compact"; of a file its path
  std::filesystem::path file;
  std::string advice;  // how to get a better network than the one that was chosen; empty when nobody needs it
};

// The weight file for Job::model: a file's path as it is, or a name looked up in model_folders(); kBestModel is the full network when it
// is in weights_folders(), else the one that ships. Throws Error(input) saying where it looked.
FoundModel find_model(const std::string& model);

}  // namespace impasto::network
