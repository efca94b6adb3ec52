// Looks into folders and lists.
#include "batch/pictures.h"

#include "impasto/error.h"
#include "recipe/text_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <string_view>

namespace impasto::batch {
namespace {

namespace fs = std::filesystem;

bool is_picture(const fs::path& file) {
  static constexpr std::array kExtensions{".jpg", ".jpeg", ".png", ".tif", ".tiff", ".exr", ".webp"};
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

// '*' is any text and '?' any character.
bool matches(std::string_view text, std::string_view glob) {
  if (glob.empty()) return text.empty();
  if (glob.front() == '*')
    return matches(text, glob.substr(1)) || (!text.empty() && matches(text.substr(1), glob));
  return !text.empty() && (glob.front() == '?' || glob.front() == text.front()) &&
         matches(text.substr(1), glob.substr(1));
}

// The folder's files that match; pictures alone when the glob is empty. In the order of their names.
std::vector<fs::path> files_in(const fs::path& folder, const std::string& glob) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(folder.empty() ? fs::path(".") : folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || !entry.is_regular_file(error)) continue;
    if (glob.empty() ? is_picture(name) : matches(name, glob)) files.push_back(folder / name);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> pictures_of(const std::string& flag, const std::string& spec, bool nested) {
  const fs::path path(spec);
  std::error_code error;
  std::vector<fs::path> files;
  if (fs::is_directory(path, error)) {
    files = files_in(path, "");
  } else if (!fs::exists(path, error) && spec.find_first_of("*?") != std::string::npos) {
    files = files_in(path.parent_path(), path.filename().string());
  } else if (path.extension() == ".txt" && !nested) {
    std::istringstream lines(recipe::read_text_file(path));
    for (std::string line; std::getline(lines, line);) {
      if (line.ends_with('\r')) line.pop_back();
      if (line.empty() || line.starts_with('#')) continue;
      const std::vector<fs::path> more = pictures_of(flag, line, true);
      files.insert(files.end(), more.begin(), more.end());
    }
  } else {
    return {path};  // whether it is a good picture shows when its turn comes
  }
  if (files.empty())
    throw Error(ErrorKind::input, fmt::format("{} {}: there is no picture; name others", flag, spec));
  return files;
}

}  // namespace

std::vector<fs::path> all_pictures(const std::string& flag, const std::vector<std::string>& specs) {
  std::vector<fs::path> files;
  for (const std::string& spec : specs)
    for (const fs::path& file : pictures_of(flag, spec, false))
      if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  if (files.empty())
    throw Error(ErrorKind::usage,
                fmt::format("no pictures; name some with {} FOLDER, GLOB, FILE or LIST.txt", flag));
  return files;
}

}  // namespace impasto::batch
