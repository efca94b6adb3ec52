// Values of the reference operations that can be had by hand; their gradients are checked by differences elsewhere.
#include "catch.h"
#include "reference/convolution.h"
#include "reference/image.h"
#include "reference/loss.h"
#include "reference/pooling.h"
#include "support/random.h"

#include <cmath>
#include <numbers>

namespace {

using namespace impasto;
using reference::Array;

Array array_of(int channels, int height, int width, std::vector<double> values) {
  Array array(channels, height, width);
  REQUIRE(array.data.size() == values.size());
  array.data = std::move(values);
  return array;
}

TEST_CASE("the random numbers are the same everywhere") {
  test::Random random(1);
  const uint32_t first = random.next();
  test::Random again(1);
  CHECK(again.next() == first);
  CHECK(test::Random(2).next() != first);
  for (int i = 0; i < 1000; ++i) {
    const double value = random.uniform(-1, 1);
    CHECK((value >= -1 && value < 1 && double(float(value)) == value));
    CHECK(random.below(7) < 7);
  }
}

TEST_CASE("convolution does not flip the kernel and pads as told") {
  const Array in = array_of(1, 2, 2, {1, 2, 3, 4});
  reference::Kernel kernel{1, 1, {0, 0, 0, 0, 0, 1, 0, 0, 0}, {10}};  // the right neighbour
  CHECK(convolve(in, kernel, reference::Padding::zero).data == std::vector<double>{12, 10, 14, 10});
  CHECK(convolve(in, kernel, reference::Padding::replicate).data == std::vector<double>{12, 12, 14, 14});
  kernel.weights = {1, 0, 0, 0, 0, 0, 0, 0, 0};  // the neighbour above to the left
  CHECK(convolve(in, kernel, reference::Padding::zero).data == std::vector<double>{10, 10, 10, 11});
}

TEST_CASE("pooling: partial windows and ties") {
  const Array in = array_of(1, 3, 3, {5, 5, 1, 5, 2, 4, 7, 8, 9});
  const Array seed = array_of(1, 2, 2, {1, 10, 100, 1000});
  const reference::Pooling max{PoolingKind::max, PoolingRounding::ceil};
  const reference::Pooling average{PoolingKind::average, PoolingRounding::ceil};
  CHECK(pool(in, max).data == std::vector<double>{5, 4, 8, 9});
  CHECK(pool_gradient(seed, in, max).data == std::vector<double>{1, 0, 0, 0, 0, 10, 0, 100, 1000});
  CHECK(pool(in, average).data == std::vector<double>{4.25, 2.5, 7.5, 9});
  CHECK(pool_gradient(seed, in, average).data == std::vector<double>{.25, .25, 5, .25, .25, 5, 50, 50, 1000});
  CHECK(pool(in, {PoolingKind::max, PoolingRounding::floor}).data == std::vector<double>{5});
  CHECK(pool(in, {PoolingKind::average, PoolingRounding::floor}).data == std::vector<double>{4.25});
}

TEST_CASE("Gram matrix by hand") {
  const Array features = array_of(2, 1, 3, {1, 2, 3, 4, 5, 6});
  CHECK(gram(features, 2) == reference::Matrix{7, 16, 16, 38.5});
  CHECK(divisor_of(GramDivisor::one, features) == 1);
  CHECK(divisor_of(GramDivisor::n, features) == 3);
  CHECK(divisor_of(GramDivisor::channels_times_n, features) == 6);
}

TEST_CASE("style term: every factor by hand") {
  const Array features = array_of(2, 1, 3, {1, 2, 3, 4, 5, 6});
  const reference::Matrix target{14, 32, 32, 75};  // the last entry is 2 too small
  Recipe recipe;
  recipe.gram_divisor = GramDivisor::one;
  const auto value = [&](StyleFactor factor, Reduction reduction) {
    recipe.style_factor = factor;
    recipe.style_reduction = reduction;
    return style_term(recipe, 10, features, target, 5).value;
  };
  CHECK(value(StyleFactor::one, Reduction::sum) == Approx(40));
  CHECK(value(StyleFactor::one, Reduction::half_sum) == Approx(20));
  CHECK(value(StyleFactor::one, Reduction::mean) == Approx(10));
  CHECK(value(StyleFactor::per_channels_squared, Reduction::sum) == Approx(10));
  CHECK(value(StyleFactor::image_area, Reduction::sum) == Approx(40.0 / (4 * 9 * 25)));
  CHECK(value(StyleFactor::gatys_paper, Reduction::sum) == Approx(40.0 / (4 * 4 * 9)));
}

TEST_CASE("total variation by hand") {
  const Array picture = array_of(1, 2, 3, {0, 1, 3, 2, 2, 2});
  // dx: 1 2 / 0 0, dy: 2 1 −1; in blocks (1, 2) and (2, 1).
  const auto value = [&](TvKind kind) { return total_variation(kind, picture, 10, 1.25).value; };
  CHECK(value(TvKind::none) == 0);
  CHECK(value(TvKind::l1) == Approx(70));
  CHECK(value(TvKind::squared) == Approx(1100));
  CHECK(value(TvKind::squared_block) == Approx(500));
  CHECK(value(TvKind::power_block) == Approx(2 * std::pow(500, 1.25)));
}

TEST_CASE("preprocessing: order, range and mean") {
  const Array rgb = array_of(3, 1, 1, {0.1, 0.2, 0.3});
  InputConvention input{ChannelOrder::bgr, 10, {1, 2, 3}};
  CHECK(preprocess(rgb, input).data == std::vector<double>{10 * 0.3 - 3, 10 * 0.2 - 2, 10 * 0.1 - 1});
  input.order = ChannelOrder::rgb;
  CHECK(preprocess(rgb, input).data == std::vector<double>{10 * 0.1 - 1, 10 * 0.2 - 2, 10 * 0.3 - 3});
}

TEST_CASE("resampling keeps constants, and sizes that do not change") {
  const auto filter = GENERATE(Filter::bilinear, Filter::bicubic, Filter::lanczos);
  const Array constant(1, 5, 7, 0.4);
  for (double value : resample(constant, 3, 11, filter).data) CHECK(value == Approx(0.4));
  const Array noise = test::random_array(2, 5, 7, 1);
  CHECK(reference::relative_error(resample(noise, 7, 5, filter), noise) < 1e-15);
}

TEST_CASE("resampling by hand") {
  const Array step = array_of(1, 1, 2, {0, 1});
  CHECK(resample(step, 4, 1, Filter::bilinear).data == std::vector<double>{0, 0.25, 0.75, 1});
  // Halving stretches the triangle to four taps of 1, 3, 3, 1 eighths; what lies outside repeats the edge.
  const Array ramp = array_of(1, 1, 4, {0, 1, 2, 3});
  const Array half = resample(ramp, 2, 1, Filter::bilinear);
  CHECK(half.data[0] == Approx((0 * 1 + 0 * 3 + 1 * 3 + 2 * 1) / 8.0));
  CHECK(half.data[1] == Approx((1 * 1 + 2 * 3 + 3 * 3 + 3 * 1) / 8.0));
  // Keys' kernel at ¼ and ¾ from the pixels: −9, 111, 29, −3 of 128.
  const Array impulse = array_of(1, 1, 5, {0, 0, 1, 0, 0});
  const Array twice = resample(impulse, 10, 1, Filter::bicubic);
  CHECK(twice.data[4] == Approx(111 / 128.0));
  CHECK(twice.data[3] == Approx(29 / 128.0));
  CHECK(twice.data[6] == Approx(29 / 128.0));
  CHECK(twice.data[1] == Approx(-3 / 128.0));
  CHECK(twice.data[2] == Approx(-9 / 128.0));
}

}  // namespace
