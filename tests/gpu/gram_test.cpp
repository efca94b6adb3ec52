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
                       {36, 7, 33},  {512, 4, 5}, {12, 70, 90}, {256, 3, 2}, {1, 9, 7}};

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
  const vulkan::Region partials = arena.region(kernels::gram_partial_bytes(tensor.shape));
  const vulkan::Region packed = arena.region(kernels::gram_bytes(size.channels));
  run(library, [&](kernels::Context& context) {
    kernels::gram(context, tensor, float(1 / divisor), partials, packed);
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
  const vulkan::Region partials = arena.region(kernels::gram_partial_bytes(tensor.shape));
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
    kernels::gram(context, tensor, scale, partials, gram);
    kernels::style_difference(context, size.channels, scale, gram, wanted, difference, term);
    kernels::gram_gradient(context, tensor, difference, gradient, accumulate);
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

}  // namespace
}  // namespace impasto::test
