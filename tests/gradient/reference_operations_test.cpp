// Every reference operation's gradient against central differences: the reference of the GPU tests is itself checked.
#include "catch.h"
#include "gradcheck.h"
#include "reference/convolution.h"
#include "reference/image.h"
#include "reference/loss.h"
#include "reference/pooling.h"
#include "support/random.h"

namespace {

using namespace impasto;
using reference::Array;
using test::gradcheck;
using test::random_array;

reference::Kernel random_kernel(int outputs, int inputs, uint64_t seed) {
  return {outputs, inputs, random_array(outputs, inputs, 9, seed).data,
          random_array(1, 1, outputs, seed + 1).data};
}

TEST_CASE("gradcheck: convolution") {
  const auto padding = GENERATE(reference::Padding::zero, reference::Padding::replicate);
  const auto [height, width] = GENERATE(std::pair{5, 7}, std::pair{1, 4}, std::pair{1, 1});
  const reference::Kernel kernel = random_kernel(3, 2, 1);
  const Array x = random_array(2, height, width, 3);
  const Array seed = random_array(3, height, width, 4);
  gradcheck([&](const Array& in) { return dot(seed, convolve(in, kernel, padding)); }, x,
            convolve_gradient(seed, kernel, padding));
}

TEST_CASE("gradcheck: rectifier") {
  const Array x = random_array(3, 5, 4, 5);
  const Array seed = random_array(3, 5, 4, 6);
  gradcheck([&](const Array& in) { return dot(seed, relu(in)); }, x, relu_gradient(seed, relu(x)));
}

TEST_CASE("gradcheck: pooling") {
  const auto kind = GENERATE(PoolingKind::max, PoolingKind::average);
  const auto rounding = GENERATE(PoolingRounding::floor, PoolingRounding::ceil);
  const auto [height, width] = GENERATE(std::pair{6, 4}, std::pair{7, 5}, std::pair{2, 3});
  const reference::Pooling pooling{kind, rounding};
  const Array x = random_array(2, height, width, 7);
  const Array seed =
      random_array(2, reference::pooled_size(height, rounding), reference::pooled_size(width, rounding), 8);
  gradcheck([&](const Array& in) { return dot(seed, pool(in, pooling)); }, x,
            pool_gradient(seed, x, pooling));
}

TEST_CASE("gradcheck: Gram matrix") {
  const Array x = random_array(3, 4, 5, 9);
  const reference::Matrix seed = random_array(1, 3, 3, 10).data;  // not symmetric
  const auto value = [&](const Array& in) {
    const reference::Matrix g = gram(in, 7);
    double sum = 0;
    for (size_t i = 0; i < g.size(); ++i) sum += seed[i] * g[i];
    return sum;
  };
  gradcheck(value, x, gram_gradient(seed, x, 7));
}

TEST_CASE("gradcheck: style term") {
  Recipe recipe;
  recipe.gram_divisor = GENERATE(GramDivisor::one, GramDivisor::n, GramDivisor::channels_times_n);
  recipe.style_reduction = GENERATE(Reduction::mean, Reduction::sum, Reduction::half_sum);
  recipe.style_factor = GENERATE(StyleFactor::one, StyleFactor::per_channels_squared, StyleFactor::image_area,
                                 StyleFactor::gatys_paper);
  const Array x = random_array(3, 4, 5, 11);
  const Array style = random_array(3, 6, 2, 12);
  const reference::Matrix target = gram(style, divisor_of(recipe.gram_divisor, style));
  const auto term = [&](const Array& in) { return style_term(recipe, 50, in, target, 3.5); };
  gradcheck([&](const Array& in) { return term(in).value; }, x, term(x).gradient);
}

TEST_CASE("gradcheck: content term") {
  const auto reduction = GENERATE(Reduction::mean, Reduction::sum, Reduction::half_sum);
  const Array x = random_array(3, 4, 5, 13);
  const Array target = random_array(3, 4, 5, 14);
  const auto term = [&](const Array& in) { return content_term(reduction, 5, in, target); };
  gradcheck([&](const Array& in) { return term(in).value; }, x, term(x).gradient);
}

TEST_CASE("gradcheck: total variation") {
  const auto kind =
      GENERATE(TvKind::none, TvKind::l1, TvKind::squared, TvKind::squared_block, TvKind::power_block);
  const auto [height, width] = GENERATE(std::pair{4, 5}, std::pair{1, 3}, std::pair{3, 1});
  const Array x = random_array(3, height, width, 15, 0, 1);
  const auto term = [&](const Array& in) { return total_variation(kind, in, 3, 1.25); };
  gradcheck([&](const Array& in) { return term(in).value; }, x, term(x).gradient);
}

TEST_CASE("gradcheck: preprocessing") {
  InputConvention input;
  input.order = GENERATE(ChannelOrder::bgr, ChannelOrder::rgb);
  const Array x = random_array(3, 3, 4, 16, 0, 1);
  const Array seed = random_array(3, 3, 4, 17);
  gradcheck([&](const Array& in) { return dot(seed, preprocess(in, input)); }, x,
            preprocess_gradient(seed, input));
}

}  // namespace
