// Which device a selector means, and what an error says about those there are; without a driver.
#include "catch.h"
#include "vulkan/error.h"
#include "vulkan/physical.h"

#include <string>

namespace {

using namespace impasto;

vulkan::PhysicalDevices devices() {
  vulkan::PhysicalDevices all;
  for (const char* name : {"GeForce RTX 4090", "Radeon 780M", "llvmpipe"}) {
    all.usable.emplace_back();
    all.usable.back().caps.name = name;
  }
  all.rejected = {"Old Card: needs Vulkan 1.1, has 1.0"};
  return all;
}

}  // namespace

TEST_CASE("a selector is an index, or part of a name in any case") {
  CHECK(vulkan::choose(devices(), "") == 0);
  CHECK(vulkan::choose(devices(), "2") == 2);
  CHECK(vulkan::choose(devices(), "radeon") == 1);
  CHECK(vulkan::choose(devices(), "PIPE") == 2);
}

TEST_CASE("a number that is no index is looked for in the names") {
  CHECK(vulkan::choose(devices(), "4090") == 0);
  CHECK(vulkan::choose(devices(), "780") == 1);
}

TEST_CASE("a selector that means nothing lists every device and why it was rejected") {
  const char* selector = GENERATE("5", "Voodoo", "old card");
  try {
    vulkan::choose(devices(), selector);
    FAIL("nothing was thrown");
  } catch (const vulkan::Error& error) {
    const std::string text = error.what();
    CHECK(error.result() == VK_ERROR_INITIALIZATION_FAILED);
    for (const char* part : {selector, "0: GeForce RTX 4090", "1: Radeon 780M", "2: llvmpipe",
                             "Old Card: needs Vulkan 1.1, has 1.0"})
      CHECK(text.find(part) != std::string::npos);
    CHECK(text.find('\n') == std::string::npos);
  }
}
