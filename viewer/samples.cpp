// Lists the first folder of samples that there is, once.
#include "samples.h"

#include "base/asset_folders.h"

#include <algorithm>
#include <map>
#include <system_error>

namespace impasto::viewer {
namespace {

std::vector<std::filesystem::path> look_up(const std::string& kind) {
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& folder : asset_folders()) {
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder / kind, error), end; !error && at != end;
         at.increment(error))
      if (at->path().extension() == ".jpg") files.push_back(at->path());
    if (!files.empty()) break;
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

const std::vector<std::filesystem::path>& sample_pictures(const std::string& kind) {
  static std::map<std::string, std::vector<std::filesystem::path>> known;
  const auto found = known.find(kind);
  return found != known.end() ? found->second : known.emplace(kind, look_up(kind)).first->second;
}

}  // namespace impasto::viewer
