// The pipeline cache's file is read back whole and by the same driver, or not at all.
#include "catch.h"
#include "support/weights.h"
#include "vulkan/cache_file.h"

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using namespace impasto;
namespace fs = std::filesystem;

vulkan::Caps some_caps() {
  vulkan::Caps caps;
  caps.vendor_id = 0x10de;
  caps.device_id = 0x2684;
  caps.driver_version = 42;
  caps.pipeline_cache_uuid = {1, 2, 3};
  return caps;
}

std::vector<std::byte> some_data() {
  std::vector<std::byte> data(300);
  for (size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i * 7);
  return data;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void put(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("a cache file is read back, and leaves nothing else in its folder") {
  const test::TemporaryFolder folder;
  const fs::path file = vulkan::cache_file(folder.path() / "made" / "on demand", some_caps());
  REQUIRE(vulkan::write_cache_file(file, some_caps(), some_data()));
  CHECK(vulkan::read_cache_file(file, some_caps()) == some_data());
  CHECK(std::distance(fs::directory_iterator(file.parent_path()), {}) == 1);
}

TEST_CASE("a cache file with any byte changed, cut or added counts as none") {
  const test::TemporaryFolder folder;
  const fs::path file = vulkan::cache_file(folder.path(), some_caps());
  REQUIRE(vulkan::write_cache_file(file, some_caps(), some_data()));
  const std::string whole = bytes_of(file);
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    put(file, damaged);
    REQUIRE(vulkan::read_cache_file(file, some_caps()).empty());
  }
  for (const size_t length : {size_t{0}, size_t{1}, size_t{55}, size_t{56}, whole.size() - 1}) {
    put(file, whole.substr(0, length));
    REQUIRE(vulkan::read_cache_file(file, some_caps()).empty());
  }
  put(file, whole + "x");
  CHECK(vulkan::read_cache_file(file, some_caps()).empty());
  fs::remove(file);
  CHECK(vulkan::read_cache_file(file, some_caps()).empty());
}

TEST_CASE("a cache file of another device or driver counts as none") {
  const test::TemporaryFolder folder;
  const fs::path file = vulkan::cache_file(folder.path(), some_caps());
  REQUIRE(vulkan::write_cache_file(file, some_caps(), some_data()));
  vulkan::Caps vendor = some_caps(), device = some_caps(), driver = some_caps(), uuid = some_caps();
  vendor.vendor_id ^= 1;
  device.device_id ^= 1;
  driver.driver_version ^= 1;
  uuid.pipeline_cache_uuid[15] ^= 1;
  for (const vulkan::Caps& other : {vendor, device, driver, uuid})
    CHECK(vulkan::read_cache_file(file, other).empty());
}

TEST_CASE("a cache file that cannot be written is no error and leaves nothing behind") {
  const test::TemporaryFolder folder;
  fs::create_directories(folder.path());
  put(folder.path() / "file", "not a folder");
  const fs::path file = vulkan::cache_file(folder.path() / "file", some_caps());
  CHECK_FALSE(vulkan::write_cache_file(file, some_caps(), some_data()));
  CHECK(bytes_of(folder.path() / "file") == "not a folder");
}
