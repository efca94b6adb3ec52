// How fast a device was is known to later runs, by the largest that there were.
#include "session/rates.h"

#include "catch.h"
#include "support/files.h"
#include "support/weights.h"

#include <limits>

namespace impasto::session {
namespace {

vulkan::Caps caps_of(const std::string& name) {
  vulkan::Caps caps;
  caps.name = name;
  caps.driver = "a driver";
  return caps;
}

TEST_CASE("a rate that was kept is known again, for the same device and network") {
  const test::TemporaryFolder folder;
  const std::filesystem::path cache = folder.path() / "new";
  CHECK(known_rate(cache, caps_of("a"), "vgg19", 1e9) == 0);
  keep_rate(cache, caps_of("a"), "vgg19", 5e9, 1e9);
  CHECK(known_rate(cache, caps_of("a"), "vgg19", 1e9) == 5e9);
  CHECK(known_rate(cache, caps_of("b"), "vgg19", 1e9) == 0);
  CHECK(known_rate(cache, caps_of("a"), "compact", 1e9) == 0);
  keep_rate({}, caps_of("a"), "vgg19", 5e9, 1e9);
  CHECK(known_rate({}, caps_of("a"), "vgg19", 1e9) == 0);
}

TEST_CASE("a small picture's rate does not replace a large one's") {
  const test::TemporaryFolder folder;
  const vulkan::Caps caps = caps_of("a");
  const auto then = [&](double rate, double flops) {
    keep_rate(folder.path(), caps, "vgg19", rate, flops);
    return known_rate(folder.path(), caps, "vgg19", 1e9);
  };
  CHECK(then(1e9, 2e7) == 1e9);
  CHECK(then(4e9, 1e9) == 4e9);
  CHECK(then(1e9, 4.9e8) == 4e9);
  CHECK(then(3e9, 5.1e8) == 3e9);
  CHECK(then(std::numeric_limits<double>::infinity(), 1e12) == 3e9);
  CHECK(then(0, 1e12) == 3e9);
}

TEST_CASE("a small picture's rate says nothing of one that is much larger") {
  const test::TemporaryFolder folder;
  const vulkan::Caps caps = caps_of("a");
  keep_rate(folder.path(), caps, "vgg19", 5e9, 1e9);
  CHECK(known_rate(folder.path(), caps, "vgg19", 64e9) == 5e9);
  CHECK(known_rate(folder.path(), caps, "vgg19", 65e9) == 0);
}

TEST_CASE("a damaged file knows nothing, and is written anew") {
  const test::TemporaryFolder folder;
  const vulkan::Caps caps = caps_of("a");
  keep_rate(folder.path(), caps, "vgg19", 5e9, 1e9);
  const std::filesystem::path file = folder.path() / "rates.json";
  const std::string whole = test::read_text(file);
  const std::string key = "\"a, a driver, vgg19\": ";
  for (const std::string& text : {whole.substr(0, whole.size() / 2), std::string("[]"), "{" + key + "5e9}",
                                  "{" + key + R"({"rate": "fast", "iteration_flops": -1}})",
                                  "{" + key + R"({"rate": -2, "iteration_flops": 1e9}})"}) {
    CAPTURE(text);
    test::write_bytes(file, text);
    CHECK(known_rate(folder.path(), caps, "vgg19", 1e9) == 0);
    keep_rate(folder.path(), caps, "vgg19", 6e9, 1e9);
    CHECK(known_rate(folder.path(), caps, "vgg19", 1e9) == 6e9);
  }
}

}  // namespace
}  // namespace impasto::session
