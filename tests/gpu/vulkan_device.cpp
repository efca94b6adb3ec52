// Opening devices: order, selectors, capabilities, memory figures, and the pipeline cache from one opening to the next.
#include "catch.h"
#include "support/gpu.h"
#include "support/scale.h"
#include "support/weights.h"
#include "vulkan/error.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace impasto;
namespace fs = std::filesystem;

int place(vulkan::DeviceType type) {
  const vulkan::DeviceType order[] = {vulkan::DeviceType::discrete, vulkan::DeviceType::integrated,
                                      vulkan::DeviceType::other, vulkan::DeviceType::software};
  return static_cast<int>(std::find(std::begin(order), std::end(order), type) - std::begin(order));
}

// Opens a device with the cache in the folder, builds a pipeline and closes it again.
void build_with_cache(const fs::path& folder) {
  vulkan::DeviceOptions options = test::device_options();
  options.cache_directory = folder;
  vulkan::Device device(options);
  const vulkan::Pipeline pipeline(device, test::scale_description());
}

fs::path only_file(const fs::path& folder) {
  REQUIRE(fs::exists(folder));
  REQUIRE(std::distance(fs::directory_iterator(folder), {}) == 1);
  return fs::directory_iterator(folder)->path();
}

}  // namespace

TEST_CASE("devices are listed best first, and each can be selected") {
  IMPASTO_REQUIRE_GPU();
  const std::vector<vulkan::Caps> all = vulkan::enumerate_devices();
  REQUIRE_FALSE(all.empty());
  CHECK(std::is_sorted(all.begin(), all.end(), [](const vulkan::Caps& a, const vulkan::Caps& b) {
    return place(a.type) < place(b.type);
  }));
  for (size_t i = 0; i < all.size(); ++i) {
    vulkan::DeviceOptions options = test::device_options();
    options.selector = std::to_string(i);
    CHECK(vulkan::Device(options).caps().name == all[i].name);
  }
}

TEST_CASE("a device that is not there is an error that names those that are") {
  IMPASTO_REQUIRE_GPU();
  vulkan::DeviceOptions options = test::device_options();
  options.selector = "no such device";
  try {
    const vulkan::Device device(options);
    FAIL("nothing was thrown");
  } catch (const vulkan::Error& error) {
    for (const vulkan::Caps& caps : vulkan::enumerate_devices())
      CHECK(std::string(error.what()).find(caps.name) != std::string::npos);
  }
}

TEST_CASE("capabilities meet the specification's minimum") {
  IMPASTO_REQUIRE_GPU();
  const vulkan::Caps least;
  for (const vulkan::Caps& caps : vulkan::enumerate_devices()) {
    CHECK_FALSE(caps.name.empty());
    CHECK_FALSE(caps.driver.empty());
    CHECK(caps.max_shared_bytes >= least.max_shared_bytes);
    CHECK(caps.max_invocations >= least.max_invocations);
    CHECK(caps.max_groups >= least.max_groups);
    CHECK(caps.max_storage_range >= least.max_storage_range);
    CHECK(caps.max_storage_buffers >= least.max_storage_buffers);
    CHECK(caps.max_push_bytes >= least.max_push_bytes);
    CHECK(caps.max_texel_elements >= least.max_texel_elements);
    CHECK(caps.max_allocation >= least.max_allocation);
    CHECK(caps.storage_alignment >= 16);
    CHECK(caps.storage_alignment <= 256);
    CHECK(caps.heap_bytes > 0);
    CHECK(caps.subgroup_size >= 1);
  }
}

TEST_CASE("a device can be opened with the minimum of capabilities") {
  IMPASTO_REQUIRE_GPU();
  vulkan::DeviceOptions options = test::device_options();
  options.minimum_caps = true;
  const vulkan::Device device(options);
  CHECK(device.caps().max_texel_elements == 65536);
  CHECK(device.caps().max_invocations == 128);
  CHECK(device.caps().storage_alignment == 256);
  CHECK_FALSE(device.caps().subgroup_shuffle);
}

TEST_CASE("free memory is within the heap") {
  IMPASTO_REQUIRE_GPU();
  CHECK(test::device().free_bytes() > 0);
  CHECK(test::device().free_bytes() <= test::device().caps().heap_bytes);
}

TEST_CASE("the pipeline cache survives in a file, and a damaged one does no harm") {
  IMPASTO_REQUIRE_GPU();
  const test::TemporaryFolder folder;
  build_with_cache(folder.path());
  const fs::path file = only_file(folder.path());
  const fs::file_time_type written = fs::last_write_time(file);
  const uintmax_t size = fs::file_size(file);
  build_with_cache(folder.path());
  CHECK(fs::last_write_time(file) == written);  // it did not grow
  {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(-1, std::ios::end);
    stream.put('\x5a');
  }
  build_with_cache(folder.path());
  CHECK(fs::file_size(only_file(folder.path())) == size);  // written anew
  test::require_no_messages();
}
