// The content loss and its gradient against the reference.
#include "kernels/content.h"

#include "catch.h"
#include "reference/loss.h"
#include "support/gpu.h"
#include "support/random.h"

#include <algorithm>

namespace impasto {
namespace {

using kernels::Shape;
using reference::Array;

const Shape kShapes[] = {{1, 1, 1},   {3, 1, 67},   {4, 67, 1},   {7, 13, 11},
                         {64, 9, 31}, {64, 32, 32}, {512, 7, 10}, {512, 17, 16}};

constexpr float kWeight = 0.375F;
constexpr float kGradientScale = 4;

Array activations(const Shape& shape, uint64_t seed) {
  Array array = test::random_array(shape.channels, shape.height, shape.width, seed, -2, 3);
  for (double& value : array.data) value = std::max(0.0, value);
  return array;
}

void check(kernels::Library& library, const Shape& shape, bool accumulate,
           test::Element element = test::Element::fp32) {
  INFO(shape.channels << " channels, " << shape.height << "×" << shape.width << ", accumulate "
                      << accumulate);
  const Array features = test::stored(activations(shape, 11), element);
  const Array wanted = test::stored(activations(shape, 12), element);
  const Array start =
      test::stored(test::random_array(shape.channels, shape.height, shape.width, 13), element);

  test::Arena arena;
  const kernels::Tensor f = arena.tensor(features, element);
  const kernels::Tensor p = arena.tensor(wanted, element);
  const kernels::Tensor gradient = arena.tensor(start, element);
  const int partials = kernels::content_partials(shape);
  const vulkan::Region term = arena.region(kernels::term_bytes(partials));
  const kernels::TermWeights weights{kWeight, kGradientScale * kWeight};
  vulkan::upload(term.part(0, sizeof weights), std::as_bytes(std::span(&weights, 1)));
  const vulkan::Region totals = arena.region(2 * sizeof(float));
  test::run(library, [&](kernels::Context& context) {
    content_loss(context, f, p, term);
    term_value(context, term, partials, totals, 1);
    content_gradient(context, f, p, term, gradient, accumulate);
  });

  const reference::Term expected = reference::content_term(Reduction::sum, kWeight, features, wanted);
  CHECK(test::download<float>(totals)[1] == Approx(expected.value).epsilon(1e-6));
  Array expected_gradient = accumulate ? start : start.like();
  for (size_t i = 0; i < features.data.size(); ++i)
    if (features.data[i] > 0) expected_gradient.data[i] += kGradientScale * expected.gradient.data[i];
  CHECK(reference::relative_error(test::download(gradient), expected_gradient) <=
        1e-6 + test::storage_error(element));
}

}  // namespace

TEST_CASE("The content loss and its gradient match the reference") {
  IMPASTO_REQUIRE_GPU();
  for (const Shape& shape : kShapes)
    for (const bool accumulate : {false, true}) check(test::library(), shape, accumulate);
}

TEST_CASE("The content loss of halves and its gradient match the reference") {
  IMPASTO_REQUIRE_GPU();
  for (const bool accumulate : {false, true})
    for (const Shape& shape : {Shape{3, 1, 67}, Shape{7, 13, 11}, Shape{64, 32, 32}})
      check(test::library(), shape, accumulate, test::Element::fp16);
  kernels::Library limited = test::limited_library(20000);
  check(limited, {64, 32, 32}, true, test::Element::fp16);
}

TEST_CASE("The content loss in spans equals the loss at once") {
  IMPASTO_REQUIRE_GPU();
  constexpr uint64_t kLimit = 40000;
  const Shape shape{64, 32, 32};
  REQUIRE(shape.bytes() > 4 * kLimit);
  kernels::Library limited = test::limited_library(kLimit);
  check(limited, shape, true);
}

}  // namespace impasto
