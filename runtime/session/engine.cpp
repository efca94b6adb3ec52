// Finds the weight file and the cache, and counts the layers a recipe needs.
#include "session/engine.h"

#include "impasto/error.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace impasto::session {
namespace {

std::filesystem::path environment_path(const char* name) {
  const char* value = std::getenv(name);
  return value ? std::filesystem::path(value) : std::filesystem::path();
}

// <first variable that is set>/impasto, else ~/<below home>/impasto.
std::filesystem::path user_directory(const char* variable, const char* below_home) {
  if (const auto own = environment_path(variable); !own.empty()) return own / "impasto";
  if (const auto local = environment_path("LOCALAPPDATA"); !local.empty()) return local / "impasto";
  if (const auto home = environment_path("HOME"); !home.empty()) return home / below_home / "impasto";
  return {};
}

}  // namespace

std::filesystem::path cache_directory() {
  return user_directory("XDG_CACHE_HOME", ".cache");
}

std::filesystem::path find_model(const std::string& model) {
  std::error_code ignored;
  const std::filesystem::path given(model);
  if (given.has_extension() || given.has_parent_path()) return given;
  std::vector<std::filesystem::path> folders{environment_path("IMPASTO_WEIGHTS_DIR"),
                                             user_directory("XDG_DATA_HOME", ".local/share") / "weights"};
  std::string looked;
  for (const std::filesystem::path& folder : folders) {
    if (folder.empty() || folder == "weights") continue;
    const std::filesystem::path file = folder / (model + ".safetensors");
    if (std::filesystem::is_regular_file(file, ignored)) return file;
    looked += (looked.empty() ? "" : ", ") + folder.string();
  }
  throw Error(ErrorKind::input, "--model " + model + ": no " + model + ".safetensors in " +
                                    (looked.empty() ? "any folder" : looked) +
                                    "; give the weight file's path");
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
