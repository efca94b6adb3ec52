// Opens the device of the GPU tests and converts between planar arrays and the tensor layout.
#include "support/gpu.h"

#include "base/half_float.h"
#include "catch.h"
#include "vulkan/error.h"

#include <cassert>
#include <cstdlib>
#include <mutex>
#include <span>
#include <utility>

namespace impasto::test {
namespace {

struct Gpu {
  std::unique_ptr<vulkan::Device> device;
  std::unique_ptr<kernels::Library> library;
  bool tried = false;
};

Gpu& gpu() {
  static Gpu instance;
  return instance;
}

struct Messages {
  std::mutex mutex;  // drivers may report from their own threads
  std::vector<std::string> texts;
};

Messages& messages() {
  static Messages instance;
  return instance;
}

bool flag(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && std::string(value) == "1";
}

bool no_driver(const vulkan::Error& error) {
  return error.result() == VK_ERROR_INCOMPATIBLE_DRIVER || error.result() == VK_ERROR_INITIALIZATION_FAILED;
}

std::vector<float> download_elements(const vulkan::Region& region, Element element) {
  if (element == Element::fp32) return download<float>(region);
  const std::vector<uint16_t> halves = download<uint16_t>(region);
  std::vector<float> values(halves.size());
  std::transform(halves.begin(), halves.end(), values.begin(), half_to_float);
  return values;
}

}  // namespace

std::vector<uint16_t> halves_of(const std::vector<float>& values) {
  std::vector<uint16_t> halves(values.size());
  std::transform(values.begin(), values.end(), halves.begin(), float_to_half);
  return halves;
}

vulkan::DeviceOptions device_options() {
  vulkan::DeviceOptions options;
  options.validation = true;
  options.minimum_caps = flag("IMPASTO_TEST_MINIMUM_CAPS");
  options.on_message = [](std::string_view text) {
    const std::lock_guard lock(messages().mutex);
    messages().texts.emplace_back(text);
  };
  return options;
}

bool has_gpu() {
  Gpu& shared = gpu();
  if (shared.tried) return shared.device != nullptr;
  shared.tried = true;
  try {
    vulkan::enumerate_devices();
  } catch (const vulkan::Error& error) {
    if (no_driver(error)) return false;
    throw;
  }
  shared.device = std::make_unique<vulkan::Device>(device_options());
  shared.library = std::make_unique<kernels::Library>(*shared.device);
  return true;
}

bool compiles_halves() {
  return device().caps().name.find("SwiftShader") == std::string::npos;
}

vulkan::Device& device() {
  assert(gpu().device);
  return *gpu().device;
}

kernels::Library& library() {
  assert(gpu().library);
  return *gpu().library;
}

void close_gpu() {
  gpu().library.reset();
  gpu().device.reset();
}

std::vector<std::string> take_messages() {
  const std::lock_guard lock(messages().mutex);
  return std::exchange(messages().texts, {});
}

void require_no_messages() {
  std::string all;
  for (const std::string& text : take_messages()) all += text + "\n";
  if (!all.empty()) FAIL("validation: " << all);
}

vulkan::Region Arena::region(uint64_t bytes) {
  buffers_.push_back(std::make_unique<vulkan::Buffer>(device(), bytes, vulkan::MemoryKind::device));
  const std::vector<uint32_t> poison((bytes + 3) / 4, 0x7fc00000u);
  vulkan::upload(buffers_.back()->all(), std::as_bytes(std::span(poison)).first(bytes));
  return buffers_.back()->all();
}

kernels::Tensor Arena::tensor(const kernels::Shape& shape) {
  return {shape, region(shape.bytes())};
}

kernels::Tensor Arena::tensor(const reference::Array& array, Element element) {
  const kernels::Tensor made = tensor(shape_of(array, element));
  upload(made, array);
  return made;
}

kernels::Shape shape_of(const reference::Array& array, Element element) {
  return {array.channels, array.height, array.width, element};
}

reference::Array stored(reference::Array array, Element element) {
  if (element == Element::fp16)
    for (double& value : array.data) value = half_to_float(float_to_half(static_cast<float>(value)));
  return array;
}

void upload(const kernels::Tensor& tensor, const reference::Array& array) {
  const kernels::Shape& shape = tensor.shape;
  assert(shape == shape_of(array, shape.element));
  std::vector<float> texels(size_t(shape.row_texels()) * size_t(shape.height) * 4);
  for (int c = 0; c < shape.channels; ++c)
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x) {
        const size_t texel =
            (size_t(y) * size_t(shape.blocks()) + size_t(c / 4)) * size_t(shape.width) + size_t(x);
        texels[texel * 4 + size_t(c % 4)] = static_cast<float>(array.at(c, y, x));
      }
  const vulkan::Region region = tensor.region.part(0, shape.bytes());
  if (shape.element == Element::fp32) return vulkan::upload(region, std::as_bytes(std::span(texels)));
  const std::vector<uint16_t> halves = halves_of(texels);
  vulkan::upload(region, std::as_bytes(std::span(halves)));
}

reference::Array download(const kernels::Tensor& tensor) {
  const kernels::Shape& shape = tensor.shape;
  const std::vector<float> texels = download_elements(tensor.region.part(0, shape.bytes()), shape.element);
  reference::Array array(shape.channels, shape.height, shape.width);
  size_t dirty = 0;
  for (int y = 0; y < shape.height; ++y)
    for (int c = 0; c < shape.blocks() * 4; ++c)
      for (int x = 0; x < shape.width; ++x) {
        const size_t texel =
            (size_t(y) * size_t(shape.blocks()) + size_t(c / 4)) * size_t(shape.width) + size_t(x);
        const float value = texels[texel * 4 + size_t(c % 4)];
        if (c < shape.channels) array.at(c, y, x) = value;
        if (c >= shape.channels && value != 0) ++dirty;  // NaN counts
      }
  INFO("elements of padding channels that are not zero");
  REQUIRE(dirty == 0);
  return array;
}

}  // namespace impasto::test
