// Total variation of every kind, value and gradient, against the reference.
#include "kernels/total_variation.h"

#include "catch.h"
#include "reference/image.h"
#include "support/gpu.h"
#include "support/picture.h"

namespace impasto {
namespace {

using reference::Array;

constexpr double kVariableRange = 2;
constexpr double kRange = 255;
constexpr float kWeight = 0.25F;

struct Size {
  int height;
  int width;
};

const Size kSizes[] = {{1, 1}, {1, 2}, {1, 67}, {67, 1}, {2, 2}, {3, 5}, {16, 16}, {31, 64}, {67, 33}};

struct Kind {
  TvKind kind;
  double exponent;
};

// A block exponent below one has an infinite slope at zero, where the derivative is taken to be zero.
const Kind kKinds[] = {{TvKind::l1, 1},
                       {TvKind::squared, 1},
                       {TvKind::squared_block, 1},
                       {TvKind::power_block, 1.25},
                       {TvKind::power_block, 1.1},
                       {TvKind::power_block, 0.75}};

void check(kernels::Library& library, const Size& size, const Kind& kind) {
  INFO(size.height << "×" << size.width << ", kind " << int(kind.kind) << ", exponent " << kind.exponent);
  const Array picture = test::coarse_picture(size.height, size.width, 21);
  const reference::Term expected = reference::total_variation(kind.kind, picture, kRange, kind.exponent);

  test::Arena arena;
  const vulkan::Region image = arena.region(test::interleaved(picture, kVariableRange));
  const vulkan::Region gradient = arena.region(image.bytes);
  const int partials = kernels::tv_partials(size.height, size.width);
  const vulkan::Region term = arena.region(kernels::term_bytes(partials));
  vulkan::upload(term.part(0, sizeof kWeight), std::as_bytes(std::span(&kWeight, 1)));
  const vulkan::Region totals = arena.region(sizeof(float));
  const kernels::TvSettings settings{kind.kind, static_cast<float>(kRange / kVariableRange),
                                     static_cast<float>(kind.exponent)};
  test::run(library, [&](kernels::Context& context) {
    total_variation(context, image, size.height, size.width, settings, term, gradient);
    term_value(context, term, partials, totals, 0);
  });

  CHECK(test::download<float>(totals)[0] == Approx(kWeight * expected.value).epsilon(1e-6));
  Array expected_gradient = expected.gradient.like();
  reference::add_scaled(expected_gradient, expected.gradient, kWeight / kVariableRange);
  const Array actual = test::planar(test::download<float>(gradient), 3, size.height, size.width);
  CHECK(reference::relative_error(actual, expected_gradient) <= 1e-5);
}

}  // namespace

TEST_CASE("Total variation and its gradient match the reference") {
  IMPASTO_REQUIRE_GPU();
  for (const Kind& kind : kKinds)
    for (const Size& size : kSizes) check(test::library(), size, kind);
}

TEST_CASE("Total variation in spans equals the variation at once") {
  IMPASTO_REQUIRE_GPU();
  constexpr uint64_t kLimit = 8192;
  const Size size{67, 50};
  REQUIRE(67 * 50 * 12 > 4 * kLimit);
  kernels::Library limited = test::limited_library(kLimit);
  for (const Kind& kind : kKinds) check(limited, size, kind);
}

}  // namespace impasto
