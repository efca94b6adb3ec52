// Gram matrices, style differences and their gradients against loops in double precision.
#include "kernels/gram.h"

#include "catch.h"
#include "kernels/term.h"
#include "reference/loss.h"
#include "support/gpu.h"
#include "support/random.h"

namespace impasto::test {
namespace {

struct Size {
  int channels, height, width;
};

constexpr double kGradientScale = 0.5;

const Size kSizes[] = {{64, 16, 16}, {3, 1, 1},   {1, 67, 1},   {5, 1, 67},  {64, 61, 43}, {128, 9, 20},
                       {36, 7, 33},  {512, 4, 5}, {12, 70, 90}, {256, 3, 2}, {1, 9, 7},    {136, 40, 45}};

// The device's layout of a symmetric matrix, without what pads it.
reference::Array unpack(const std::vector<float>& packed, int channels) {
  const int padded = (channels + 3) / 4 * 4;
  reference::Array matrix(1, channels, channels);
  for (int i = 0; i < channels; i++)
    for (int j = 0; j < channels; j++) matrix.at(0, i, j) = packed[(size_t(i / 4) * padded + j) * 4 + i % 4];
  return matrix;
}

std::vector<float> pack(const reference::Matrix& matrix, int channels) {
  const int padded = (channels + 3) / 4 * 4;
  std::vector<float> packed(size_t(padded) * padded, 0.0f);
  for (int i = 0; i < channels; i++)
    for (int j = 0; j < channels; j++)
      packed[(size_t(i / 4) * padded + j) * 4 + i % 4] = float(matrix[size_t(i) * channels + j]);
  return packed;
}

void check_gram(kernels::Library& library, const Size& size, Element element = Element::fp32) {
  CAPTURE(size.channels, size.height, size.width);
  Arena arena;
  const reference::Array features =
      stored(random_array(size.channels, size.height, size.width, 21, 0, 1), element);
  const double divisor = double(features.pixels());
  const kernels::Tensor tensor = arena.tensor(features, element);
  const vulkan::Region partials =
      arena.region(kernels::gram_partial_bytes(library.caps(), tensor.shape, kernels::all_of(tensor.shape)));
  const vulkan::Region packed = arena.region(kernels::gram_bytes(size.channels));
  run(library, [&](kernels::Context& context) {
    kernels::gram(context, tensor, kernels::all_of(tensor.shape), float(1 / divisor), partials, packed);
  });
  const reference::Array actual = unpack(download<float>(packed), size.channels);
  reference::Array expected(1, size.channels, size.channels);
  expected.data = reference::gram(features, divisor);
  CHECK(reference::relative_error(actual, expected) < 1e-6);
  for (int i = 0; i < size.channels; i++)
    for (int j = 0; j < i; j++)
      if (actual.at(0, i, j) != actual.at(0, j, i)) FAIL("not symmetric at " << i << ", " << j);
}

void check_style(kernels::Library& library, const Size& size, bool accumulate,
                 Element element = Element::fp32) {
  CAPTURE(size.channels, size.height, size.width, accumulate);
  Arena arena;
  const reference::Array features =
      stored(random_array(size.channels, size.height, size.width, 22, -1, 1), element);
  reference::Array activation = features;
  for (double& value : activation.data) value = value > 0 ? value : 0;
  const reference::Matrix target = reference::gram(
      random_array(size.channels, size.height, size.width, 23, 0, 1), double(features.pixels()));
  Recipe recipe;
  recipe.gram_divisor = GramDivisor::n;
  recipe.style_reduction = Reduction::sum;
  const double weight = 0.75;
  const reference::Term expected = reference::style_term(recipe, weight, activation, target, 1);

  const kernels::Tensor tensor = arena.tensor(activation, element);
  const reference::Array before = stored(random_array(size.channels, size.height, size.width, 24), element);
  const kernels::Tensor gradient = arena.tensor(before, element);
  const vulkan::Region partials =
      arena.region(kernels::gram_partial_bytes(library.caps(), tensor.shape, kernels::all_of(tensor.shape)));
  const vulkan::Region gram = arena.region(kernels::gram_bytes(size.channels));
  const vulkan::Region wanted = arena.region(pack(target, size.channels));
  const vulkan::Region difference = arena.region(kernels::gram_difference_bytes(size.channels));
  const int count = kernels::style_partials(size.channels);
  const vulkan::Region term = arena.region(kernels::term_bytes(count)),
                       totals = arena.region(std::vector<float>(1));
  const kernels::TermWeights weights{static_cast<float>(weight), static_cast<float>(kGradientScale * weight)};
  vulkan::upload(term.part(0, sizeof weights), std::as_bytes(std::span(&weights, 1)));
  const auto scale = float(1.0 / double(features.pixels()));
  run(library, [&](kernels::Context& context) {
    kernels::gram(context, tensor, kernels::all_of(tensor.shape), scale, partials, gram);
    kernels::style_difference(context, size.channels, scale, gram, wanted, difference, term);
    kernels::gram_gradient(context, tensor, kernels::all_of(tensor.shape), difference, gradient, accumulate);
    kernels::term_value(context, term, count, totals, 0);
  });
  CHECK(double(download<float>(totals)[0]) == Approx(expected.value).epsilon(1e-5));
  reference::Array wanted_gradient = expected.gradient.like();  // before the ReLU
  reference::add_scaled(wanted_gradient, expected.gradient, kGradientScale);
  for (size_t i = 0; i < activation.data.size(); i++)
    if (activation.data[i] <= 0) wanted_gradient.data[i] = 0;
  if (accumulate) reference::add_scaled(wanted_gradient, before);
  CHECK(reference::relative_error(download(gradient), wanted_gradient) < 1e-5 + storage_error(element));
}

TEST_CASE("the Gram matrix equals the loops and is symmetric") {
  IMPASTO_REQUIRE_GPU();
  for (const Size& size : kSizes) check_gram(library(), size);
}

TEST_CASE("the style term and its gradient equal the loops") {
  IMPASTO_REQUIRE_GPU();
  for (const Size& size : kSizes)
    for (const bool accumulate : {false, true}) check_style(library(), size, accumulate);
}

TEST_CASE("so do those of features that are halves") {
  IMPASTO_REQUIRE_GPU();
  for (const Size& size : {Size{64, 16, 16}, Size{5, 1, 67}, Size{36, 7, 33}, Size{128, 9, 20}}) {
    check_gram(library(), size, Element::fp16);
    for (const bool accumulate : {false, true}) check_style(library(), size, accumulate, Element::fp16);
  }
  kernels::Library limited = limited_library(50000);
  check_gram(limited, {8, 61, 200}, Element::fp16);
  check_style(limited, {8, 61, 200}, true, Element::fp16);
}

TEST_CASE("features larger than a binding have the same Gram matrix and gradient") {
  IMPASTO_REQUIRE_GPU();
  constexpr uint64_t kLimit = 100000;
  const Size size{8, 61, 200};
  REQUIRE(kernels::Shape{8, 61, 200}.bytes() > 3 * kLimit);
  kernels::Library limited = limited_library(kLimit);
  check_gram(limited, size);
  check_style(limited, size, true);
}

reference::Array block_of(const reference::Array& array, const kernels::Rect& rect) {
  reference::Array block(array.channels, rect.height, rect.width);
  for (int c = 0; c < array.channels; c++)
    for (int y = 0; y < rect.height; y++)
      for (int x = 0; x < rect.width; x++) block.at(c, y, x) = array.at(c, rect.top + y, rect.left + x);
  return block;
}

// Of a block in a map, and of what the block is alone.
void check_block(kernels::Library& library, const Size& size, const kernels::Rect& rect, bool accumulate,
                 Element element = Element::fp32) {
  CAPTURE(size.channels, size.height, size.width, rect.top, rect.left, rect.height, rect.width, accumulate);
  Arena arena;
  const reference::Array features = random_array(size.channels, size.height, size.width, 25, -1, 1);
  const reference::Array before = stored(random_array(size.channels, size.height, size.width, 26), element);
  const kernels::Tensor map = arena.tensor(features, element), gradient = arena.tensor(before, element);
  const kernels::Tensor alone = arena.tensor(block_of(features, rect), element),
                        alone_gradient = arena.tensor(block_of(before, rect), element);
  const vulkan::Region partials = arena.region(kernels::gram_partial_bytes(library.caps(), map.shape, rect));
  const vulkan::Region gram = arena.region(kernels::gram_bytes(size.channels)),
                       alone_gram = arena.region(kernels::gram_bytes(size.channels));
  const vulkan::Region difference = arena.region(std::vector<float>(
      kernels::gram_difference_bytes(size.channels) / sizeof(float), 1.0f / float(size.channels)));
  run(library, [&](kernels::Context& context) {
    const kernels::Rect all = kernels::all_of(alone.shape);
    kernels::gram(context, map, rect, 1, partials, gram);
    kernels::gram(context, alone, all, 1, partials, alone_gram);
    kernels::gram_gradient(context, map, rect, difference, gradient, accumulate);
    kernels::gram_gradient(context, alone, all, difference, alone_gradient, accumulate);
  });
  CHECK((download<float>(gram) == download<float>(alone_gram)));
  reference::Array actual = download(gradient);
  CHECK((block_of(actual, rect).data == download(alone_gradient).data));
  for (int c = 0; c < size.channels; c++)  // and around the block nothing has changed
    for (int y = rect.top; y < rect.bottom(); y++)
      for (int x = rect.left; x < rect.right(); x++) actual.at(c, y, x) = before.at(c, y, x);
  CHECK((actual.data == before.data));
}

TEST_CASE("a block of a map has the Gram matrix and the gradient that it has alone, bit for bit") {
  IMPASTO_REQUIRE_GPU();
  kernels::Library limited = limited_library(150000);
  for (const bool accumulate : {false, true}) {
    for (const kernels::Rect& rect :
         {kernels::Rect{3, 5, 20, 17}, {0, 0, 31, 40}, {30, 39, 1, 1}, {8, 0, 23, 40}})
      check_block(library(), {36, 31, 40}, rect, accumulate);
    check_block(library(), {64, 70, 90}, {1, 8, 64, 80}, accumulate);
    check_block(limited, {8, 61, 200}, {2, 40, 57, 130}, accumulate);
    check_block(library(), {36, 31, 40}, {3, 5, 20, 17}, accumulate, Element::fp16);
  }
}

}  // namespace
}  // namespace impasto::test
