// Folders by the XDG base directory specification, and their like on Windows.
#include "base/user_folder.h"

#include <cstdlib>

namespace impasto {

std::filesystem::path environment_path(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::filesystem::path(value) : std::filesystem::path();
}

std::filesystem::path user_folder(const char* variable, const char* below_home) {
  if (const auto own = environment_path(variable); !own.empty()) return own / "impasto";
  if (const auto local = environment_path("LOCALAPPDATA"); !local.empty()) return local / "impasto";
  if (const auto home = environment_path("HOME"); !home.empty()) return home / below_home / "impasto";
  return {};
}

}  // namespace impasto
