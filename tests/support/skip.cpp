// Counts skipped tests and finds the reference data.
#include "support/skip.h"

#include "catch.h"

#include <cstdlib>
#include <iostream>

namespace impasto::test {
namespace {

bool& any_skipped() {
  static bool any = false;
  return any;
}

}  // namespace

void skip(std::string_view why) {
  any_skipped() = true;
  std::cerr << "SKIPPED: " << why << std::endl;
  SUCCEED("skipped");  // Catch2 warns of a test without assertions
}

bool skipped() {
  return any_skipped();
}

std::filesystem::path shared_folder() {
  const char* folder = std::getenv("IMPASTO_SHARED");
  return folder != nullptr ? folder : "";
}

bool has_shared() {
  const std::filesystem::path folder = shared_folder();
  return !folder.empty() && std::filesystem::is_directory(folder / "reference");
}

}  // namespace impasto::test
