// The device is lost at the kth submission or wait: an error that says so, nothing hangs or leaks, and the next device works.
#include "catch.h"
#include "fault/injector.h"
#include "support/gpu.h"
#include "support/scale.h"
#include "vulkan/error.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace impasto;
using test::Injector;

// Sixteen doublings, several submissions ahead.
float double_many_times(const Injector& injector) {
  vulkan::DeviceOptions options = test::device_options();
  options.intercept = injector.hook();
  vulkan::Device device(options);
  const vulkan::Buffer a(device, 256, vulkan::MemoryKind::device);
  const vulkan::Buffer b(device, 256, vulkan::MemoryKind::device);
  const std::vector<float> ones(64, 1.0f);
  vulkan::upload(a.all(), std::as_bytes(std::span(ones)));
  const vulkan::Pipeline pipeline(device, test::scale_description());
  vulkan::Recorder recorder(device);
  test::record_scale(recorder, pipeline, a.all(), b.all(), 2);
  recorder.cut();
  test::record_scale(recorder, pipeline, b.all(), a.all(), 1);
  const vulkan::Recording recording = recorder.finish();
  vulkan::Queue queue(device, 3);
  for (int i = 0; i < 16; ++i) {
    const vulkan::Ticket ticket = queue.submit(recording);
    if (i % 5 == 4) queue.wait(ticket);
    if (i % 5 == 2) queue.done(ticket);
  }
  queue.wait_all();
  std::vector<float> result(64);
  vulkan::download(a.all(), std::as_writable_bytes(std::span(result)));
  return result.back();
}

}  // namespace

TEST_CASE("a lost device is an error that says so, and the next one works") {
  IMPASTO_REQUIRE_GPU();
  const char* function = GENERATE("vkQueueSubmit", "vkWaitForFences", "vkGetFenceStatus");
  CAPTURE(function);
  Injector injector;
  int losses = 0;
  for (;;) {
    injector.fail(function, losses + 1, VK_ERROR_DEVICE_LOST);
    try {
      const float result = double_many_times(injector);
      CHECK(result == 65536);
      break;
    } catch (const vulkan::Error& error) {
      ++losses;
      CHECK(error.device_lost());
      CHECK(std::string(error.what()) == std::string(function) + " failed: VK_ERROR_DEVICE_LOST");
      CHECK(injector.alive().empty());
    }
  }
  CHECK(losses > 0);
  CHECK(injector.alive().empty());
  test::require_no_messages();
}
