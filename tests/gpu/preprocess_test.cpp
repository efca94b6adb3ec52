// Preprocessing and its gradient against the reference.
#include "kernels/preprocess.h"

#include "catch.h"
#include "reference/image.h"
#include "support/gpu.h"
#include "support/picture.h"
#include "support/random.h"

#include <utility>

namespace impasto {
namespace {

using reference::Array;

constexpr double kVariableRange = 8;  // not the network's, so that a missing scale shows
constexpr float kFactor = 8;

struct Case {
  int height;
  int width;
  ChannelOrder order;
  bool accumulate;
  int top = 0;  // what the picture has around the window
  int left = 0;
  int bottom = 0;
  int right = 0;

  int picture_height() const { return top + height + bottom; }
  int picture_width() const { return left + width + right; }
};

const Case kCases[] = {{1, 1, ChannelOrder::bgr, false},
                       {1, 67, ChannelOrder::rgb, true},
                       {67, 1, ChannelOrder::bgr, true},
                       {13, 31, ChannelOrder::rgb, false},
                       {64, 66, ChannelOrder::bgr, true},
                       {53, 75, ChannelOrder::bgr, false},
                       {13, 31, ChannelOrder::rgb, true, 3, 5, 2, 7},
                       {20, 70, ChannelOrder::bgr, false, 0, 16, 9, 0}};

InputConvention convention(const Case& shape) {
  InputConvention input;
  input.order = shape.order;
  return input;
}

kernels::Preprocess settings_for(const InputConvention& input) {
  kernels::Preprocess settings;
  settings.scale.fill(static_cast<float>(input.range / kVariableRange));
  for (size_t c = 0; c < 3; ++c) settings.mean[c] = static_cast<float>(input.mean[c]);
  settings.bgr = input.order == ChannelOrder::bgr;
  return settings;
}

Array cut(const Array& picture, const Case& shape) {
  Array window(picture.channels, shape.height, shape.width);
  for (int c = 0; c < picture.channels; ++c)
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x) window.at(c, y, x) = picture.at(c, y + shape.top, x + shape.left);
  return window;
}

void check(kernels::Library& library, const Case& shape) {
  INFO(shape.height << "×" << shape.width);
  const InputConvention input = convention(shape);
  const kernels::Preprocess settings = settings_for(input);
  const Array picture = test::coarse_picture(shape.picture_height(), shape.picture_width(), 5);
  const Array d_input = test::random_array(3, shape.height, shape.width, 6);
  const Array start = test::random_array(3, shape.picture_height(), shape.picture_width(), 7);

  test::Arena arena;
  const vulkan::Region image = arena.region(test::interleaved(picture, kVariableRange));
  const kernels::Tensor network_input = arena.tensor(kernels::Shape{3, shape.height, shape.width});
  const kernels::Tensor gradient = arena.tensor(d_input);
  const vulkan::Region factor = arena.region(std::vector<float>{kFactor});
  const vulkan::Region image_gradient = arena.region(test::interleaved(start));
  test::run(library, [&](kernels::Context& context) {
    preprocess(context, {image, shape.picture_width(), shape.top, shape.left}, network_input, settings);
    preprocess_gradient(context, gradient, {image_gradient, shape.picture_width(), shape.top, shape.left},
                        settings, shape.accumulate, factor);
  });

  CHECK(reference::relative_error(test::download(network_input),
                                  reference::preprocess(cut(picture, shape), input)) <= 1e-6);
  const Array added = reference::preprocess_gradient(d_input, input);
  Array wanted = start;
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x) {
        double& value = wanted.at(c, y + shape.top, x + shape.left);
        value = (shape.accumulate ? value : 0) + kFactor * added.at(c, y, x) / kVariableRange;
      }
  const Array actual =
      test::planar(test::download<float>(image_gradient), 3, shape.picture_height(), shape.picture_width());
  CHECK(reference::relative_error(actual, wanted) <= 1e-6);
}

}  // namespace

TEST_CASE("Preprocessing and its gradient match the reference") {
  IMPASTO_REQUIRE_GPU();
  for (const Case& shape : kCases) check(test::library(), shape);
}

TEST_CASE("Preprocessing in spans equals preprocessing at once") {
  IMPASTO_REQUIRE_GPU();
  constexpr uint64_t kLimit = 4096;
  REQUIRE(64 * 66 * 12 > 4 * kLimit);
  kernels::Library limited = test::limited_library(kLimit);
  check(limited, {64, 66, ChannelOrder::bgr, true});
  check(limited, {60, 50, ChannelOrder::rgb, true, 4, 9, 5, 11});
}

}  // namespace impasto
