// Pooling and its gradients against the reference, over shapes with whole and partial windows and tiles.
#include "kernels/pooling.h"

#include "catch.h"
#include "reference/pooling.h"
#include "support/gpu.h"
#include "support/layer.h"
#include "support/random.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace impasto {
namespace {

using kernels::Shape;
using reference::Array;

// channels, height, width: 1×N, N×1, odd sides, sides around a multiple of the tile, many channels.
const Shape kShapes[] = {{3, 1, 1},    {4, 1, 9},     {7, 13, 1},  {1, 2, 2},   {3, 3, 2},
                         {4, 4, 4},    {7, 5, 7},     {1, 6, 67},  {64, 8, 31}, {64, 67, 10},
                         {512, 3, 11}, {512, 14, 14}, {3, 66, 65}, {4, 17, 64}};

// Activations after a ReLU: half of them zero, the rest coarse, so that windows have ties.
Array activations(const Shape& shape, uint64_t seed) {
  Array array = test::random_array(shape.channels, shape.height, shape.width, seed);
  for (double& value : array.data) value = std::max(0.0, std::round(value * 8) / 8);
  return array;
}

struct Results {
  Array pooled;
  Array gradient;     // from d_out alone
  Array accumulated;  // onto `start`
};

struct Inputs {
  Array activation;
  Array d_out;
  Array start;  // what the gradient holds before
};

Inputs inputs_for(const Shape& shape, PoolingRounding rounding, uint64_t seed,
                  test::Element element = test::Element::fp32) {
  const Shape out = kernels::pooled(shape, rounding);
  const auto random = [&](const Shape& of, uint64_t offset) {
    return test::stored(test::random_array(of.channels, of.height, of.width, seed + offset), element);
  };
  return {activations(shape, seed), random(out, 1), random(shape, 2)};
}

Results on_device(kernels::Library& library, const Inputs& inputs, PoolingKind kind, test::Element element) {
  test::Arena arena;
  const kernels::Tensor in = arena.tensor(inputs.activation, element);
  const kernels::Tensor d_out = arena.tensor(inputs.d_out, element);
  const kernels::Tensor out = arena.tensor(d_out.shape);
  const kernels::Tensor gradient = arena.tensor(in.shape);
  const kernels::Tensor accumulated = arena.tensor(inputs.start, element);
  const vulkan::Region choices = arena.region(in.shape.choice_bytes());
  const vulkan::Region mask = arena.region(test::mask_of(inputs.activation));
  test::run(library, [&](kernels::Context& context) {
    if (kind == PoolingKind::max) {
      max_pool_forward(context, in, out, choices);
      max_pool_backward(context, d_out, choices, mask, gradient, false);
      max_pool_backward(context, d_out, choices, mask, accumulated, true);
    } else {
      average_pool_forward(context, in, out);
      average_pool_backward(context, d_out, mask, gradient, false);
      average_pool_backward(context, d_out, mask, accumulated, true);
    }
  });
  return {test::download(out), test::download(gradient), test::download(accumulated)};
}

Array masked(Array gradient, const Array& activation) {
  for (size_t i = 0; i < gradient.data.size(); ++i)
    if (activation.data[i] <= 0) gradient.data[i] = 0;
  return gradient;
}

Results expected(const Inputs& inputs, reference::Pooling pooling) {
  const Array scattered = reference::pool_gradient(inputs.d_out, inputs.activation, pooling);
  Array sum = scattered;
  reference::add_scaled(sum, inputs.start);
  return {reference::pool(inputs.activation, pooling), masked(scattered, inputs.activation),
          masked(sum, inputs.activation)};
}

void check(kernels::Library& library, const Inputs& inputs, const reference::Pooling& pooling,
           test::Element element = test::Element::fp32) {
  const Results actual = on_device(library, inputs, pooling.kind, element);
  const Results wanted = expected(inputs, pooling);
  const double tolerance = 1e-6 + test::storage_error(element);
  CHECK(reference::relative_error(actual.pooled, wanted.pooled) <= tolerance);
  CHECK(reference::relative_error(actual.gradient, wanted.gradient) <= tolerance);
  CHECK(reference::relative_error(actual.accumulated, wanted.accumulated) <= tolerance);
}

void check_all_shapes(PoolingKind kind) {
  uint64_t seed = 1;
  for (const Shape& shape : kShapes)
    for (const PoolingRounding rounding : {PoolingRounding::floor, PoolingRounding::ceil}) {
      const bool empty = rounding == PoolingRounding::floor && std::min(shape.height, shape.width) < 2;
      if (empty) continue;
      INFO(shape.channels << " channels, " << shape.height << "×" << shape.width << ", ceil "
                          << (rounding == PoolingRounding::ceil));
      const Inputs inputs = inputs_for(shape, rounding, seed += 10);
      check(test::library(), inputs, {kind, rounding});
    }
}

}  // namespace

TEST_CASE("Max pooling and its gradient match the reference") {
  IMPASTO_REQUIRE_GPU();
  check_all_shapes(PoolingKind::max);
}

TEST_CASE("Average pooling and its gradient match the reference") {
  IMPASTO_REQUIRE_GPU();
  check_all_shapes(PoolingKind::average);
}

TEST_CASE("Pooling of halves and its gradient match the reference") {
  IMPASTO_REQUIRE_GPU();
  constexpr test::Element kHalves = test::Element::fp16;
  kernels::Library limited = test::limited_library(4096);
  for (const PoolingKind kind : {PoolingKind::max, PoolingKind::average})
    for (const PoolingRounding rounding : {PoolingRounding::floor, PoolingRounding::ceil}) {
      for (const Shape& shape : {Shape{7, 5, 7}, Shape{64, 8, 31}})
        check(test::library(), inputs_for(shape, rounding, 31, kHalves), {kind, rounding}, kHalves);
      check(limited, inputs_for({7, 65, 33}, rounding, 32, kHalves), {kind, rounding}, kHalves);
    }
}

TEST_CASE("Pooling in bands equals pooling at once") {
  IMPASTO_REQUIRE_GPU();
  const Shape shape{7, 65, 33};
  constexpr uint64_t kLimit = 8192;
  REQUIRE(shape.bytes() > 4 * kLimit);
  kernels::Library limited = test::limited_library(kLimit);
  for (const PoolingKind kind : {PoolingKind::max, PoolingKind::average})
    for (const PoolingRounding rounding : {PoolingRounding::floor, PoolingRounding::ceil}) {
      const Inputs inputs = inputs_for(shape, rounding, 77);
      check(limited, inputs, {kind, rounding});
    }
}

TEST_CASE("Pooled shapes round as asked") {
  CHECK(kernels::pooled({3, 5, 8}, PoolingRounding::floor) == Shape{3, 2, 4});
  CHECK(kernels::pooled({3, 5, 8}, PoolingRounding::ceil) == Shape{3, 3, 4});
  CHECK(kernels::pooled({3, 1, 1}, PoolingRounding::ceil) == Shape{3, 1, 1});
}

}  // namespace impasto
