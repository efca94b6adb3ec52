// Skipping a test loudly: ctest shows the whole entry as skipped, so that nobody takes it for a pass.
#pragma once

#include <filesystem>
#include <string_view>

// Ends the test case as skipped when the reference data is not there.
#define IMPASTO_REQUIRE_SHARED()                                                            \
  if (!impasto::test::has_shared()) {                                                       \
    impasto::test::skip("the reference data is missing; set IMPASTO_SHARED to its folder"); \
    return;                                                                                 \
  }

namespace impasto::test {

constexpr int kSkipExitCode = 77;  // what ctest is told means skipped

// Prints "SKIPPED: <why>" and remembers it for the program's exit code. The caller returns from its test.
void skip(std::string_view why);
bool skipped();

// The folder of the reference data, from the environment variable IMPASTO_SHARED.
std::filesystem::path shared_folder();
bool has_shared();

}  // namespace impasto::test
