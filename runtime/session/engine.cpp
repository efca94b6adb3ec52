// Finds the weight file and the cache, and counts the layers a recipe needs.
#include "session/engine.h"

#include "base/user_folder.h"
#include "impasto/error.h"
#include "network/installed.h"

#include <algorithm>

namespace impasto::session {

std::filesystem::path cache_directory() {
  return user_folder("XDG_CACHE_HOME", ".cache");
}

std::filesystem::path find_model(const std::string& model) {
  std::error_code ignored;
  const std::filesystem::path given(model);
  if (given.has_extension() || given.has_parent_path()) return given;
  std::string looked;
  for (const std::filesystem::path& folder : network::weights_folders()) {
    const std::filesystem::path file = folder / network::weights_file_name(model);
    if (std::filesystem::is_regular_file(file, ignored)) return file;
    looked += (looked.empty() ? "" : ", ") + folder.string();
  }
  throw Error(ErrorKind::input,
              "--model " + model + ": no " + model + ".safetensors in " +
                  (looked.empty() ? "any folder" : looked) +
                  "; give the weight file's path, or fetch it: impasto weights fetch vgg19");
}

size_t depth_of(const network::Network& network, const Recipe& recipe) {
  size_t depth = 0;
  for (const std::vector<LayerWeight>* layers : {&recipe.content_layers, &recipe.style_layers})
    for (const LayerWeight& row : *layers) depth = std::max(depth, network.find(row.layer) + 1);
  return depth;
}

vulkan::DeviceOptions device_options(const std::string& selector) {
  vulkan::DeviceOptions options;
  options.selector = selector;
  options.cache_directory = cache_directory();
  return options;
}

}  // namespace impasto::session
