// Edit distance and nearest names.
#include "base/nearest.h"

#include "base/shown.h"
#include "catch.h"

using namespace impasto;

TEST_CASE("The edit distance counts insertions, deletions, substitutions and swaps") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("gatsy", "gatys") == 1);
  CHECK(edit_distance("GATYS", "gatys") == 0);
  CHECK(edit_distance("ab", "ba") == 1);
}

TEST_CASE("The nearest name is the first of the closest") {
  const std::vector<std::string> names{"gatys", "keras", "kerbs"};
  CHECK(nearest_name("gatis", names) == "gatys");
  CHECK(nearest_name("kers", names) == "keras");
  CHECK(nearest_name("", names) == "gatys");
  CHECK(nearest_name("x", {}).empty());
}

TEST_CASE("A very long name costs no more than a short one") {
  CHECK(edit_distance(std::string(1'000'000, 'a'), "a") == 63);
}

TEST_CASE("Text from outside stays on one line and short") {
  CHECK(shown("plain") == "plain");
  CHECK(shown("a\nb\x1b[31m") == "a?b?[31m");
  CHECK(shown(std::string(100, 'x')) == std::string(64, 'x') + "...");
  CHECK(shown(std::string(63, 'x') + "\xc3\xa4y") == std::string(63, 'x') + "...");
}
