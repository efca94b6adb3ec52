// The temporal loss, value and gradient, against sums in double precision.
#include "kernels/temporal.h"

#include "catch.h"
#include "reference/image.h"
#include "support/gpu.h"
#include "support/picture.h"

#include <array>
#include <cmath>

namespace impasto {
namespace {

constexpr float kWeight = 0.25F;
constexpr float kScale = 127.5F;

void check(kernels::Library& library, int height, int width) {
  INFO(height << "×" << width);
  const std::vector<float> image = test::interleaved(test::coarse_picture(height, width, 21), 2);
  const std::vector<float> wanted = test::interleaved(test::coarse_picture(height, width, 22), 2);
  const std::vector<float> before = test::interleaved(test::coarse_picture(height, width, 23), 2);
  constexpr std::array<float, 4> kCertainties{0, 1, 0.5F, 1};
  std::vector<float> guide;
  std::vector<double> expected(before.begin(), before.end());
  double value = 0;
  for (size_t i = 0; i < image.size(); i++) {
    const float certainty = kCertainties[i / 3 % kCertainties.size()];
    guide.push_back(wanted[i]);
    if (i % 3 == 2) guide.push_back(certainty);
    const double difference = kScale * (double(image[i]) - double(wanted[i]));
    value += certainty * difference * difference;
    expected[i] += kWeight * 2.0 * kScale * certainty * difference;
  }

  test::Arena arena;
  const vulkan::Region pixels = arena.region(image), target = arena.region(guide),
                       gradient = arena.region(before);
  REQUIRE(target.bytes == kernels::guide_bytes(height, width));
  const int partials = kernels::temporal_partials(height, width);
  const vulkan::Region term = arena.region(kernels::term_bytes(partials)),
                       totals = arena.region(sizeof(float));
  vulkan::upload(term.part(0, sizeof kWeight), std::as_bytes(std::span(&kWeight, 1)));
  test::run(library, [&](kernels::Context& context) {
    temporal(context, pixels, target, height, width, kScale, term, gradient);
    term_value(context, term, partials, totals, 0);
  });

  CHECK(test::download<float>(totals)[0] == Approx(kWeight * value).epsilon(1e-6));
  const std::vector<float> actual = test::download<float>(gradient);
  double error = 0, norm = 0;
  for (size_t i = 0; i < expected.size(); i++) {
    error += std::pow(double(actual[i]) - expected[i], 2);
    norm += expected[i] * expected[i];
  }
  CHECK(std::sqrt(error / norm) <= 1e-6);
}

}  // namespace

TEST_CASE("The temporal loss and its gradient match sums in double precision") {
  IMPASTO_REQUIRE_GPU();
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 67}, {67, 1}, {16, 16}, {31, 64}, {67, 33}})
    check(test::library(), height, width);
}

TEST_CASE("The temporal loss in spans equals the loss at once") {
  IMPASTO_REQUIRE_GPU();
  constexpr uint64_t kLimit = 8192;
  kernels::Library limited = test::limited_library(kLimit);
  check(limited, 67, 50);
}

}  // namespace impasto
