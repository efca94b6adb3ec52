// The structure of the house: which folder may include which, who names a shader, what a file looks like.
#include "catch.h"
#include "support/files.h"
#include "support/skip.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#define IMPASTO_REQUIRE_SOURCE()                                                                 \
  if (source_folder().empty()) {                                                                 \
    impasto::test::skip("the sources are not here; set IMPASTO_SOURCE to the project's folder"); \
    return;                                                                                      \
  }

namespace {

namespace fs = std::filesystem;

fs::path source_folder() {
  const char* folder = std::getenv("IMPASTO_SOURCE");
  return folder != nullptr && fs::exists(fs::path(folder) / "runtime") ? folder : "";
}

std::vector<fs::path> files_under(const std::string& folder, const std::set<std::string>& extensions) {
  std::vector<fs::path> files;
  const fs::path root = source_folder() / folder;
  if (!fs::exists(root)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.is_regular_file() && extensions.contains(entry.path().extension().string()))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string shown(const fs::path& file) {
  return fs::relative(file, source_folder()).generic_string();
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::vector<std::string> lines;
  std::istringstream stream(impasto::test::read_text(file));
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> includes_of(const fs::path& file) {
  static const std::regex pattern("^\\s*#\\s*include\\s*[\"<]([^\">]+)[\">].*");
  std::vector<std::string> includes;
  for (const std::string& line : lines_of(file)) {
    std::smatch match;
    if (std::regex_match(line, match, pattern)) includes.push_back(match[1]);
  }
  return includes;
}

// What each folder of runtime/ may include besides itself. Public headers are open to all but vulkan/.
const std::map<std::string, std::set<std::string>>& allowed() {
  static const std::map<std::string, std::set<std::string>> table{
      {"include", {}},
      {"vulkan", {}},
      {"base", {}},
      {"kernels", {"vulkan", "base"}},
      {"network", {"base"}},
      {"recipe", {"network", "base"}},
      {"image", {"kernels", "vulkan", "base"}},
      {"optimizer", {"kernels", "vulkan", "base"}},
      {"plan", {"recipe", "network", "kernels", "vulkan", "base"}},
      {"session", {"plan", "optimizer", "image", "recipe", "network", "kernels", "vulkan", "base"}},
      {"batch", {"session", "plan", "optimizer", "image", "recipe", "network", "kernels", "vulkan", "base"}},
  };
  return table;
}

// The folder of runtime/ that an include names, seen from a file; "include" for public headers, empty for foreign headers.
std::string folder_of(const fs::path& file, const std::string& include) {
  if (include.starts_with("impasto/")) return "include";
  const fs::path runtime = source_folder() / "runtime";
  for (const fs::path& base : {file.parent_path(), runtime}) {
    const fs::path target = (base / include).lexically_normal();
    if (!fs::exists(target)) continue;
    const fs::path relative = target.lexically_relative(runtime);
    return *relative.begin() == ".." ? "" : relative.begin()->string();
  }
  return "";
}

TEST_CASE("includes follow the arrows") {
  IMPASTO_REQUIRE_SOURCE();
  size_t seen = 0;
  for (const fs::path& file : files_under("runtime", {".h", ".cpp"})) {
    const std::string from = file.lexically_relative(source_folder() / "runtime").begin()->string();
    INFO(shown(file));
    REQUIRE(allowed().contains(from));
    for (const std::string& include : includes_of(file)) {
      const std::string to = folder_of(file, include);
      if (to.empty() || to == from) continue;
      ++seen;
      INFO("includes " << include);
      if (to == "include")
        CHECK(from != "vulkan");
      else
        CHECK(allowed().at(from).contains(to));
    }
  }
  CHECK(seen > 0);
}

TEST_CASE("the program and the viewer see public headers and small helpers only") {
  IMPASTO_REQUIRE_SOURCE();
  for (const std::string folder : {"tools", "viewer"})
    for (const fs::path& file : files_under(folder, {".h", ".cpp"}))
      for (const std::string& include : includes_of(file)) {
        INFO(shown(file) << " includes " << include);
        const std::string to = folder_of(file, include);
        CHECK((to.empty() || to == "include" || to == "base"));
      }
}

TEST_CASE("recipes and networks compile without Vulkan") {
  IMPASTO_REQUIRE_SOURCE();
  for (const std::string folder : {"runtime/recipe", "runtime/network", "runtime/base", "runtime/include"})
    for (const fs::path& file : files_under(folder, {".h", ".cpp"}))
      for (const std::string& include : includes_of(file)) {
        INFO(shown(file) << " includes " << include);
        CHECK((!include.starts_with("vulkan/") ||
               file.filename() == "native.h"));  // which is about nothing else
      }
}

std::string without_comments(const fs::path& file) {
  std::string text;
  for (const std::string& line : lines_of(file)) text += line.substr(0, line.find("//")) + "\n";
  return text;
}

TEST_CASE("a shader is named in exactly one C++ file, in runtime/kernels") {
  IMPASTO_REQUIRE_SOURCE();
  const fs::path shaders = source_folder() / "shaders";
  std::map<std::string, std::string> texts;
  for (const fs::path& file : files_under("runtime", {".h", ".cpp"}))
    texts[shown(file)] = without_comments(file);
  for (const fs::path& shader : files_under("shaders", {".comp"})) {
    const std::string own = shader.lexically_relative(shaders).replace_extension().generic_string();
    std::vector<std::string> files;
    for (const auto& [file, text] :
         texts)  // by its path, or by a variant's name, which goes on after a point
      if (text.find('"' + own + '"') != std::string::npos || text.find('"' + own + '.') != std::string::npos)
        files.push_back(file);
    INFO(own);
    CHECK(files.size() == 1);
    for (const std::string& file : files) CHECK(file.starts_with("runtime/kernels/"));
  }
}

std::vector<fs::path> all_sources() {
  std::vector<fs::path> files;
  for (const std::string folder : {"runtime", "shaders", "tests", "tools", "viewer", "cmake"}) {
    const std::vector<fs::path> more =
        files_under(folder, {".h", ".cpp", ".comp", ".glsl", ".cmake", ".py", ".sh", ".txt", ".in"});
    files.insert(files.end(), more.begin(), more.end());
  }
  return files;
}

TEST_CASE("every public function and class is marked as visible") {
  IMPASTO_REQUIRE_SOURCE();
  static const std::regex declaration("(class [A-Z]\\w*( :.*)? \\{|[A-Za-z_:][\\w:<>&*, ]* [&*]?\\w+\\(.*)");
  int marked = 0;
  for (const fs::path& file : files_under("runtime/include", {".h"})) {
    for (const std::string& line : lines_of(file)) {
      INFO(shown(file) << ": " << line);
      if (line.starts_with("IMPASTO_API ") || line.starts_with("class IMPASTO_API "))
        ++marked;
      else
        CHECK(!std::regex_match(line, declaration));
    }
  }
  CHECK(marked > 20);
}

TEST_CASE("the first line of every source file is a comment") {
  IMPASTO_REQUIRE_SOURCE();
  const std::vector<fs::path> files = all_sources();
  CHECK(files.size() > 20);
  for (const fs::path& file : files) {
    if (file.extension() == ".txt" && file.filename() != "CMakeLists.txt") continue;
    const std::vector<std::string> lines = lines_of(file);
    INFO(shown(file));
    REQUIRE(!lines.empty());
    CHECK((lines[0].starts_with("// ") || lines[0].starts_with("# ") || lines[0].starts_with("#!")));
  }
}

TEST_CASE("no source file is longer than 600 lines") {
  IMPASTO_REQUIRE_SOURCE();
  for (const fs::path& file : all_sources()) {
    INFO(shown(file));
    CHECK(lines_of(file).size() <= 600);
  }
}

}  // namespace
