// Reads a table of the README.
#include "support/readme.h"

#include "support/files.h"
#include "support/gpu.h"

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <vector>

namespace impasto::test {
namespace {

// A name stands in the first cell, between ticks if it is a recipe's.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, '|');) {
    const size_t begin = cell.find_first_not_of(' '), end = cell.find_last_not_of(' ');
    cells.push_back(begin == std::string::npos ? "" : cell.substr(begin, end - begin + 1));
  }
  return cells;
}

}  // namespace

std::string driver_column() {
  const char* minimum = std::getenv("IMPASTO_TEST_MINIMUM_CAPS");
  if (minimum != nullptr && std::string(minimum) == "1") return "";
  const std::string name = device().caps().name;
  if (name.find("SwiftShader") != std::string::npos) return "SwiftShader";
  return name.find("llvmpipe") != std::string::npos ? "lavapipe" : "";
}

std::optional<Closeness> readme_closeness(const std::string& recipe, const std::string& column) {
  const char* source = std::getenv("IMPASTO_SOURCE");
  if (source == nullptr) return std::nullopt;
  std::istringstream text(read_text(std::filesystem::path(source) / "README.md"));
  std::optional<size_t> found;
  for (std::string line; std::getline(text, line);) {
    const std::vector<std::string> cells = cells_of(line);
    for (size_t i = 0; i < cells.size(); ++i)
      if (cells[i] == column) found = i;
    if (!found || cells.size() <= *found || cells[1].find('`' + recipe + '`') != 0) continue;
    std::istringstream numbers(cells[*found]);
    Closeness said;
    if (numbers >> said.loss >> said.gradient) return said;
  }
  return std::nullopt;
}

}  // namespace impasto::test
