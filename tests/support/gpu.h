// The device of the GPU tests: opened once per process with validation on, and helpers to move arrays to it
// and back.
#pragma once

#include "kernels/library.h"
#include "kernels/tensor.h"
#include "reference/array.h"
#include "support/skip.h"
#include "vulkan/device.h"
#include "vulkan/memory.h"
#include "vulkan/queue.h"
#include "vulkan/recorder.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Ends the test case as skipped, with a loud line, when this machine has no Vulkan driver.
#define IMPASTO_REQUIRE_GPU()                                                   \
  if (!impasto::test::has_gpu()) {                                              \
    impasto::test::skip("no usable Vulkan device; set VK_DRIVER_FILES to one"); \
    return;                                                                     \
  }

namespace impasto::test {

// Whether a device can be opened; opens it. Throws what opening throws when there is a driver but it fails
// otherwise.
bool has_gpu();

// The device, with the capabilities clamped when IMPASTO_TEST_MINIMUM_CAPS=1, and its kernels. Only after
// has_gpu().
vulkan::Device& device();

// False on SwiftShader, which does not fold constants: with a branch at each read it takes minutes and gigabytes to compile a direct
// convolution of halves.
bool compiles_halves();
kernels::Library& library();

// Destroys them, so that what validation says about leaks still counts; called by the test program before it
// ends.
void close_gpu();

// Options as the shared device has them, for tests that open devices of their own.
vulkan::DeviceOptions device_options();

// Validation messages since the last call; the listener and run() fail the test case that caused them.
std::vector<std::string> take_messages();

using kernels::Element;

// What storing a result as halves adds to its error, norm-wise: a device may round either way, by a last place of 11 bits at most.
inline double storage_error(Element element) {
  return element == Element::fp16 ? 1.0 / 1024 : 0;
}

std::vector<uint16_t> halves_of(const std::vector<float>& values);

// The values that a tensor of these elements holds after upload().
reference::Array stored(reference::Array array, Element element);

// Buffers that live as long as a test. Fresh memory is filled with NaN, so that reading what nobody wrote
// shows.
class Arena {
 public:
  vulkan::Region region(uint64_t bytes);
  kernels::Tensor tensor(const kernels::Shape& shape);
  kernels::Tensor tensor(const reference::Array& array, Element element = Element::fp32);  // and uploads it
  template <typename T>
  vulkan::Region region(const std::vector<T>& values) {  // and uploads them
    const vulkan::Region made = region(values.size() * sizeof(T));
    vulkan::upload(made, std::as_bytes(std::span(values)));
    return made;
  }

 private:
  std::vector<std::unique_ptr<vulkan::Buffer>> buffers_;
};

kernels::Shape shape_of(const reference::Array& array, Element element = Element::fp32);

// An array into the tensor layout, padding channels zero; and back, REQUIREing that the padding channels are
// zero.
void upload(const kernels::Tensor& tensor, const reference::Array& array);
reference::Array download(const kernels::Tensor& tensor);

template <typename T>
std::vector<T> download(const vulkan::Region& region) {
  std::vector<T> values(region.bytes / sizeof(T));
  vulkan::download(region, std::as_writable_bytes(std::span(values)));
  return values;
}

// FAILs the running test case when validation has said anything.
void require_no_messages();

// Records operations with `record(kernels::Context&)`, submits them once, waits, and fails the test case on
// any message. With a library of lower caps, operations have to work in bands.
template <typename Record>
void run(kernels::Library& library, Record&& record) {
  vulkan::Recorder recorder(device());
  kernels::Context context{library, recorder};
  record(context);
  const vulkan::Recording recording = recorder.finish();
  vulkan::Queue queue(device());
  queue.wait(queue.submit(recording));
  require_no_messages();
}
template <typename Record>
void run(Record&& record) {
  run(library(), std::forward<Record>(record));
}

// The shared device with bindings of at most so many bytes.
inline kernels::Library limited_library(uint64_t binding_bytes) {
  vulkan::Caps caps = device().caps();
  caps.max_storage_range = std::min(caps.max_storage_range, binding_bytes);
  return kernels::Library(device(), caps);
}

}  // namespace impasto::test
