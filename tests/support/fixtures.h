// Files of the project that tests read: small ones in the formats of other programs, kept in tests/fixtures, and its own network.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// Ends the test case as skipped when the sources are not there.
#define IMPASTO_REQUIRE_FIXTURES()                                                               \
  if (impasto::test::weight_fixtures().empty()) {                                                \
    impasto::test::skip("the fixtures are missing; set IMPASTO_SOURCE to the project's folder"); \
    return;                                                                                      \
  }

namespace impasto::test {

// tests/fixtures/weights below the environment variable IMPASTO_SOURCE; empty when it is not there.
std::filesystem::path weight_fixtures();

// The network that comes with the program, likewise.
std::filesystem::path compact_network();

// Every weight file among them that holds the same five layers in full precision, and those that hold them quantised.
const std::vector<std::string>& exact_fixtures();
const std::vector<std::string>& quantised_fixtures();

}  // namespace impasto::test
