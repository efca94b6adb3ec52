// Every call that can fail fails once, at every place it is made: the error names it, and nothing is left alive.
#include "catch.h"
#include "fault/injector.h"
#include "support/gpu.h"
#include "support/scale.h"
#include "vulkan/error.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace impasto;
using test::Injector;

vulkan::DeviceOptions options_with(const Injector& injector) {
  vulkan::DeviceOptions options = test::device_options();
  options.intercept = injector.hook();
  return options;
}

// Everything the layer does: two kinds of pipelines and buffers, a recording of several segments with times, transfers.
void use_everything(const Injector& injector) {
  vulkan::Device device(options_with(injector));
  const vulkan::Buffer a(device, 4096, vulkan::MemoryKind::device);
  const vulkan::Buffer b(device, 4096, vulkan::MemoryKind::device);
  const vulkan::Buffer staging(device, 4096, vulkan::MemoryKind::staging);
  const std::vector<float> ones(1024, 1.0f);
  vulkan::upload(a.all(), std::as_bytes(std::span(ones)));
  const vulkan::Pipeline storage(device, test::scale_description());
  const vulkan::Pipeline texel(device, test::scale_description(vulkan::BindingKind::texel));
  vulkan::Recorder recorder(device, {1e6, true});
  recorder.copy(a.all(), staging.all());
  test::record_scale(recorder, storage, a.all(), b.all(), 2);
  recorder.cut();
  test::record_scale(recorder, texel, b.all(), a.all(), 2);
  const vulkan::Recording recording = recorder.finish();
  vulkan::Queue queue(device, 2);
  for (int i = 0; i < 3; ++i) queue.wait(queue.submit(recording));
  queue.done(queue.submit(recording));
  queue.wait_all();
  recording.times();
  std::vector<float> result(1024);
  vulkan::download(a.all(), std::as_writable_bytes(std::span(result)));
  CHECK(result.front() == 256);
}

// What is thrown when the nth call fails; nothing when there is no nth call.
std::optional<std::string> message_when_failing(const char* function, int nth) {
  Injector injector;
  injector.fail(function, nth, VK_ERROR_OUT_OF_HOST_MEMORY);
  std::optional<std::string> message;
  try {
    use_everything(injector);
  } catch (const vulkan::Error& error) {
    CHECK(error.result() == VK_ERROR_OUT_OF_HOST_MEMORY);
    message = error.what();
  }
  CHECK(injector.fired() == message.has_value());
  CHECK(injector.alive().empty());
  return message;
}

}  // namespace

TEST_CASE("the scenario works, and leaves nothing alive") {
  IMPASTO_REQUIRE_GPU();
  Injector injector;
  use_everything(injector);
  CHECK(injector.calls("vkCreateBuffer") == 3);
  CHECK(injector.alive().empty());
}

TEST_CASE("any failing call is an error that names it, and nothing leaks") {
  IMPASTO_REQUIRE_GPU();
  const char* function = GENERATE(
      "vkEnumerateInstanceVersion", "vkEnumerateInstanceExtensionProperties",
      "vkEnumerateInstanceLayerProperties", "vkCreateInstance", "vkCreateDebugUtilsMessengerEXT",
      "vkEnumeratePhysicalDevices", "vkEnumerateDeviceExtensionProperties", "vkCreateDevice",
      "vkCreatePipelineCache", "vkCreateBuffer", "vkAllocateMemory", "vkBindBufferMemory", "vkMapMemory",
      "vkCreateDescriptorSetLayout", "vkCreatePipelineLayout", "vkCreateShaderModule",
      "vkCreateComputePipelines", "vkCreateCommandPool", "vkAllocateCommandBuffers", "vkBeginCommandBuffer",
      "vkEndCommandBuffer", "vkCreateDescriptorPool", "vkAllocateDescriptorSets", "vkCreateBufferView",
      "vkCreateFence", "vkResetFences", "vkQueueSubmit", "vkWaitForFences", "vkGetFenceStatus");
  CAPTURE(function);
  int failures = 0;
  while (const std::optional<std::string> message = message_when_failing(function, failures + 1)) {
    CHECK(message->find(function) == 0);
    CHECK(message->find('\n') == std::string::npos);
    ++failures;
  }
  CHECK(failures > 0);
  test::require_no_messages();
}

TEST_CASE("times that cannot be had are an error, and nothing leaks") {
  IMPASTO_REQUIRE_GPU();
  if (test::device().caps().timestamp_bits == 0) return;  // then they are not asked for
  const char* function = GENERATE("vkCreateQueryPool", "vkGetQueryPoolResults");
  CHECK(message_when_failing(function, 1).has_value());
  CHECK(message_when_failing(function, 2).has_value());
}

TEST_CASE("what fails while the device is closed stays inside") {
  IMPASTO_REQUIRE_GPU();
  Injector injector;
  injector.fail("vkDeviceWaitIdle", 1, VK_ERROR_OUT_OF_HOST_MEMORY);
  CHECK_NOTHROW(use_everything(injector));
  CHECK(injector.fired());
  CHECK(injector.alive().empty());
}

TEST_CASE("a full memory type gives way to the next, and the last to an error") {
  IMPASTO_REQUIRE_GPU();
  Injector injector;
  vulkan::Device device(options_with(injector));
  injector.fail("vkAllocateMemory", 1, VK_ERROR_OUT_OF_DEVICE_MEMORY);
  bool thrown = false;
  try {
    const vulkan::Buffer buffer(device, 4096, vulkan::MemoryKind::readback);
  } catch (const vulkan::Error& error) {
    CHECK(error.out_of_memory());
    thrown = true;
  }
  CHECK(injector.calls("vkAllocateMemory") == (thrown ? 1 : 2));
  CHECK(device.allocated_bytes() == 0);
  CHECK(injector.alive().count("Memory") == 0);
}

TEST_CASE("without a driver the message says what to install") {
  IMPASTO_REQUIRE_GPU();
  Injector injector;
  injector.fail("vkCreateInstance", 1, VK_ERROR_INCOMPATIBLE_DRIVER);
  CHECK_THROWS_WITH(vulkan::enumerate_devices(options_with(injector)),
                    "no Vulkan driver is installed; install the graphics driver, or Mesa's software driver");
}
