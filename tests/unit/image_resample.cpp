// Resampling of pictures against the definition in double precision.
#include "base/resample_weights.h"
#include "catch.h"
#include "impasto/image.h"
#include "reference/image.h"
#include "support/files.h"
#include "support/picture_file.h"

#include <array>

using namespace impasto;
using namespace impasto::test;

TEST_CASE("Resampling agrees with its definition") {
  const Filter filter = GENERATE(Filter::bilinear, Filter::bicubic, Filter::lanczos);
  const auto sizes = GENERATE(std::array{16, 16, 33, 7}, std::array{31, 17, 10, 9}, std::array{64, 48, 5, 80},
                              std::array{1, 1, 6, 4}, std::array{2, 9, 1, 1}, std::array{40, 3, 41, 2},
                              std::array{7, 5, 7, 5});
  const Image image = coloured_noise(sizes[0], sizes[1], 11);
  const Image out = resample(image, sizes[2], sizes[3], filter);
  REQUIRE(out.width == sizes[2]);
  REQUIRE(out.height == sizes[3]);
  const Image expected = to_image(reference::resample(to_array(image), sizes[2], sizes[3], filter));
  CHECK(largest_difference(out.rgb, expected.rgb) < 1e-6);
}

TEST_CASE("Constants stay constant, alpha included") {
  for (const Filter filter : {Filter::bilinear, Filter::bicubic, Filter::lanczos}) {
    Image image{13, 7, std::vector<float>(13 * 7 * 3, 0.3F), std::vector<float>(13 * 7, 0.75F)};
    for (const auto& [width, height] : {std::pair{5, 29}, {29, 5}, {1, 1}, {200, 100}}) {
      const Image out = resample(image, width, height, filter);
      CHECK(largest_difference(out.rgb, std::vector<float>(out.rgb.size(), 0.3F)) < 1e-6);
      CHECK(largest_difference(out.alpha, std::vector<float>(out.alpha.size(), 0.75F)) < 1e-6);
      CHECK(out.alpha.size() * 3 == out.rgb.size());
    }
  }
}

TEST_CASE("Weights stay inside the input and sum to one") {
  for (const Filter filter : {Filter::bilinear, Filter::bicubic, Filter::lanczos}) {
    for (int in = 1; in < 24; ++in) {
      for (int out = 1; out < 24; ++out) {
        const ResampleWeights weights = resample_weights(in, out, filter);
        REQUIRE(weights.first.size() == static_cast<size_t>(out));
        REQUIRE(weights.weights.size() == static_cast<size_t>(out * weights.taps));
        for (int i = 0; i < out; ++i) {
          double sum = 0;
          for (int k = 0; k < weights.taps; ++k)
            sum += weights.weights[static_cast<size_t>(i * weights.taps + k)];
          const int first = weights.first[static_cast<size_t>(i)];
          REQUIRE((first >= 0 && first + weights.taps <= in));
          REQUIRE(sum == Approx(1).margin(1e-6));
        }
      }
    }
  }
}
