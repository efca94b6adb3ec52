// Looks around the program and where it was built for.
#include "base/asset_folders.h"

#include "base/platform_file.h"
#include "base/user_folder.h"

namespace impasto {
namespace {

constexpr int kFoldersAbove = 2;  // lib/<architecture> is two below the prefix

}  // namespace

std::vector<std::filesystem::path> asset_folders() {
  if (const auto own = environment_path("IMPASTO_ASSETS"); !own.empty()) return {own};
  std::vector<std::filesystem::path> folders;
  std::filesystem::path folder = platform::own_file().parent_path();
  for (int i = 0; i <= kFoldersAbove && folder.has_relative_path(); ++i, folder = folder.parent_path())
    folders.push_back(folder / "share" / "impasto");
  folders.emplace_back(IMPASTO_ASSETS_FOLDER);
  return folders;
}

}  // namespace impasto
