// Reads the environment for the folders of weights.
#include "network/installed.h"

#include "base/user_folder.h"

#include <string>

namespace impasto::network {

std::vector<std::filesystem::path> weights_folders() {
  std::vector<std::filesystem::path> folders;
  if (const auto own = environment_path("IMPASTO_WEIGHTS_DIR"); !own.empty()) folders.push_back(own);
  if (const auto data = user_folder("XDG_DATA_HOME", ".local/share"); !data.empty())
    folders.push_back(data / "weights");
  return folders;
}

std::filesystem::path weights_file_name(std::string_view model) {
  return std::string(model) + ".safetensors";
}

}  // namespace impasto::network
