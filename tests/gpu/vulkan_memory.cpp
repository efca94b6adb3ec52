// Buffers: transfers through mapped and through device memory, the books, and what cannot be had.
#include "catch.h"
#include "support/gpu.h"
#include "vulkan/error.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace {

using namespace impasto;

std::vector<std::byte> noise(size_t bytes) {
  std::mt19937 random(3);
  std::vector<std::byte> data(bytes);
  for (std::byte& byte : data) byte = static_cast<std::byte>(random());
  return data;
}

PFN_vkGetPhysicalDeviceProperties2& real_properties() {
  static PFN_vkGetPhysicalDeviceProperties2 pointer = nullptr;
  return pointer;
}

VKAPI_ATTR void VKAPI_CALL discrete_properties(VkPhysicalDevice device,
                                               VkPhysicalDeviceProperties2* properties) {
  real_properties()(device, properties);
  properties->properties.deviceType = VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;
}

// Device memory of a discrete card is not mapped, so that transfers are staged.
void pretend_discrete(vulkan::Functions& functions) {
  if (functions.vkGetPhysicalDeviceProperties2 == nullptr ||
      functions.vkGetPhysicalDeviceProperties2 == discrete_properties)
    return;
  real_properties() = functions.vkGetPhysicalDeviceProperties2;
  functions.vkGetPhysicalDeviceProperties2 = discrete_properties;
}

void check_round_trip(vulkan::Device& device, vulkan::MemoryKind kind, size_t bytes) {
  const std::vector<std::byte> data = noise(bytes);
  const vulkan::Buffer buffer(device, bytes + 20, kind);
  const vulkan::Region middle = buffer.all().part(12, bytes);
  vulkan::upload(buffer.all(), std::vector<std::byte>(bytes + 20, std::byte{0x55}));
  vulkan::upload(middle, data);
  std::vector<std::byte> back(bytes + 20);
  vulkan::download(buffer.all(), back);
  CHECK(std::equal(data.begin(), data.end(), back.begin() + 12));
  CHECK(back[11] == std::byte{0x55});
  CHECK(back[bytes + 12] == std::byte{0x55});
  test::require_no_messages();
}

}  // namespace

TEST_CASE("what is uploaded is downloaded, whatever the memory") {
  IMPASTO_REQUIRE_GPU();
  for (const auto kind :
       {vulkan::MemoryKind::device, vulkan::MemoryKind::staging, vulkan::MemoryKind::readback})
    for (const size_t bytes : {1, 1000, 65537}) check_round_trip(test::device(), kind, bytes);
}

TEST_CASE("transfers to a discrete card are staged in pieces") {
  IMPASTO_REQUIRE_GPU();
  vulkan::DeviceOptions options = test::device_options();
  options.intercept = pretend_discrete;
  vulkan::Device device(options);
  REQUIRE(device.caps().type == vulkan::DeviceType::discrete);
  CHECK(vulkan::Buffer(device, 64, vulkan::MemoryKind::device).mapped() == nullptr);
  check_round_trip(device, vulkan::MemoryKind::device, 1000);
  check_round_trip(device, vulkan::MemoryKind::device, (size_t{33} << 20) + 5);
  CHECK(device.allocated_bytes() == 0);
}

TEST_CASE("host memory is mapped, and device memory where it is the same") {
  IMPASTO_REQUIRE_GPU();
  CHECK(vulkan::Buffer(test::device(), 64, vulkan::MemoryKind::staging).mapped() != nullptr);
  CHECK(vulkan::Buffer(test::device(), 64, vulkan::MemoryKind::readback).mapped() != nullptr);
  if (test::device().caps().software())
    CHECK(vulkan::Buffer(test::device(), 64, vulkan::MemoryKind::device).mapped() != nullptr);
}

TEST_CASE("every allocation is in the books, and its peak is kept") {
  IMPASTO_REQUIRE_GPU();
  vulkan::Device device(test::device_options());
  CHECK(device.allocated_bytes() == 0);
  {
    const vulkan::Buffer first(device, 100000, vulkan::MemoryKind::device);
    const uint64_t one = device.allocated_bytes();
    CHECK(one >= 100000);
    CHECK(one < 200000);
    vulkan::Buffer second(device, 100000, vulkan::MemoryKind::staging);
    CHECK(device.allocated_bytes() >= 200000);
    const vulkan::Buffer moved(std::move(second));
    CHECK(device.allocated_bytes() >= 200000);
  }
  CHECK(device.allocated_bytes() == 0);
  CHECK(device.peak_bytes() >= 200000);
}

TEST_CASE("a buffer that is too large is out of memory, not undefined") {
  IMPASTO_REQUIRE_GPU();
  try {
    const vulkan::Buffer buffer(test::device(), test::device().caps().max_allocation + 1,
                                vulkan::MemoryKind::device);
    FAIL("nothing was thrown");
  } catch (const vulkan::Error& error) {
    CHECK(error.out_of_memory());
  }
  test::require_no_messages();
}
