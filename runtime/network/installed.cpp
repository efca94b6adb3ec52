// Looks for the files of networks where the environment says, and where Impasto itself is.
#include "network/installed.h"

#include "base/asset_folders.h"
#include "base/nearest.h"
#include "base/user_folder.h"
#include "impasto/error.h"
#include "impasto/job.h"
#include "impasto/weights.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace impasto::network {
namespace {

constexpr const char* kFullModel = "vgg19";
constexpr const char* kShippedModel = "compact";
constexpr const char* kAdvice = "for the full one: impasto weights fetch vgg19";

std::optional<std::filesystem::path> look_up(const std::vector<std::filesystem::path>& folders,
                                             const std::string& model) {
  std::error_code ignored;
  for (const std::filesystem::path& folder : folders) {
    std::filesystem::path file = folder / weights_file_name(model);
    if (std::filesystem::is_regular_file(file, ignored)) return file;
  }
  return std::nullopt;
}

// How to come by a network that is nowhere.
std::string remedy(const std::string& name) {
  if (name == kShippedModel) return "install Impasto again, which brings it";
  std::vector<std::string> fetchable;
  for (const WeightsSource& source : fetchable_weights()) fetchable.push_back(source.name);
  const std::string nearest = nearest_name(name, fetchable);
  return fmt::format("fetch {}: impasto weights fetch {}", nearest == name ? "it" : "the nearest", nearest);
}

FoundModel named_model(const std::string& name, std::string advice) {
  if (const auto file = look_up(model_folders(), name)) return {name, *file, std::move(advice)};
  std::string looked;
  for (const std::filesystem::path& folder : model_folders())
    looked += (looked.empty() ? "" : ", ") + folder.string();
  throw Error(ErrorKind::input, fmt::format("--model {}: no {} in {}; give the weight file's path, or {}",
                                            name, weights_file_name(name).string(), looked, remedy(name)));
}

}  // namespace

std::vector<std::filesystem::path> weights_folders() {
  std::vector<std::filesystem::path> folders;
  if (const auto own = environment_path("IMPASTO_WEIGHTS_DIR"); !own.empty()) folders.push_back(own);
  if (const auto data = user_folder("XDG_DATA_HOME", ".local/share"); !data.empty())
    folders.push_back(data / "weights");
  return folders;
}

std::vector<std::filesystem::path> model_folders() {
  std::vector<std::filesystem::path> folders = weights_folders();
  for (std::filesystem::path& folder : asset_folders()) folders.push_back(std::move(folder));
  return folders;
}

std::filesystem::path weights_file_name(std::string_view model) {
  return std::string(model) + ".safetensors";
}

FoundModel find_model(const std::string& model) {
  const std::filesystem::path given(model);
  if (given.has_extension() || given.has_parent_path()) return {model, given, ""};
  if (model != kBestModel) return named_model(model, "");
  if (const auto full = look_up(weights_folders(), kFullModel)) return {kFullModel, *full, ""};
  return named_model(kShippedModel, kAdvice);
}

}  // namespace impasto::network
