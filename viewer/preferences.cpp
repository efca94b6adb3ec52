// A small JSON file in the user's configuration folder.
#include "preferences.h"

#include "base/atomic_file.h"
#include "base/user_folder.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <span>

namespace impasto {

// What is neither of these is the first.
NLOHMANN_JSON_SERIALIZE_ENUM(Precision, {{Precision::automatic, "auto"},
                                         {Precision::fp32, "fp32"},
                                         {Precision::fp16, "fp16"}})

}  // namespace impasto

namespace impasto::viewer {
namespace {

std::filesystem::path file() {
  const std::filesystem::path folder = user_folder("XDG_CONFIG_HOME", ".config");
  return folder.empty() ? folder : folder / "viewer.json";
}

template <typename T>
void read(const nlohmann::json& json, const char* name, T& value) {
  const auto found = json.find(name);
  if (found == json.end()) return;
  try {
    value = found->get<T>();
  } catch (const nlohmann::json::exception&) {
    return;  // of another version
  }
}

}  // namespace

Preferences load_preferences() {
  Preferences preferences;
  std::ifstream stream(file());
  const nlohmann::json json = nlohmann::json::parse(stream, nullptr, false);
  if (!json.is_object()) return preferences;
  read(json, "dark", preferences.dark);
  read(json, "width", preferences.width);
  read(json, "height", preferences.height);
  read(json, "size", preferences.size);
  read(json, "model", preferences.model);
  read(json, "recipe", preferences.recipe);
  read(json, "device", preferences.device);
  read(json, "precision", preferences.precision);
  read(json, "memory_budget", preferences.memory_budget);
  read(json, "letters", preferences.letters);
  read(json, "folder", preferences.folder);
  preferences.width = std::clamp(preferences.width, 640, 16384);
  preferences.height = std::clamp(preferences.height, 480, 16384);
  preferences.size = std::clamp(preferences.size, 16, 32768);
  preferences.letters = std::clamp(preferences.letters, kSmallestLetters, kLargestLetters);
  return preferences;
}

void save_preferences(const Preferences& preferences) noexcept {
  try {
    const nlohmann::json json{{"dark", preferences.dark},       {"width", preferences.width},
                              {"height", preferences.height},   {"size", preferences.size},
                              {"model", preferences.model},     {"recipe", preferences.recipe},
                              {"device", preferences.device},   {"precision", preferences.precision},
                              {"letters", preferences.letters}, {"memory_budget", preferences.memory_budget},
                              {"folder", preferences.folder}};
    const std::filesystem::path target = file();
    if (target.empty()) return;
    std::filesystem::create_directories(target.parent_path());
    const std::string text = json.dump(2);
    write_file(target, std::as_bytes(std::span(text)), true);
  } catch (const std::exception&) {
    return;  // a preference that is forgotten is no reason to disturb
  }
}

}  // namespace impasto::viewer
