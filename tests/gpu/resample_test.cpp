// Resampling on the device against the reference, growing and shrinking, whole and in bands.
#include "kernels/resample.h"

#include "catch.h"
#include "reference/image.h"
#include "support/gpu.h"
#include "support/picture.h"
#include "support/random.h"

namespace impasto {
namespace {

using reference::Array;

struct Case {
  int channels;
  int in_height, in_width;
  int out_height, out_width;
};

const Case kCases[] = {{3, 1, 1, 5, 7},     {3, 7, 5, 1, 1},     {3, 1, 67, 1, 33},  {3, 67, 1, 99, 1},
                       {1, 13, 17, 13, 17}, {4, 31, 29, 64, 67}, {3, 64, 67, 17, 9}, {3, 16, 50, 61, 13}};

kernels::ResampleAxis axis(test::Arena& arena, int in, int out, Filter filter) {
  const ResampleWeights weights = resample_weights(in, out, filter);
  return kernels::resample_axis(weights, in, arena.region(kernels::axis_table(weights)));
}

void check(kernels::Library& library, const Case& size, Filter filter) {
  INFO(size.channels << " × " << size.in_height << "×" << size.in_width << " to " << size.out_height << "×"
                     << size.out_width << ", filter " << int(filter));
  const Array picture = test::random_array(size.channels, size.in_height, size.in_width, 51, 0, 1);
  test::Arena arena;
  const kernels::ResampleAxis horizontal = axis(arena, size.in_width, size.out_width, filter);
  const kernels::ResampleAxis vertical = axis(arena, size.in_height, size.out_height, filter);
  const vulkan::Region in = arena.region(test::interleaved(picture));
  const vulkan::Region out = arena.region(uint64_t(size.out_height) * uint64_t(size.out_width) *
                                          uint64_t(size.channels) * sizeof(float));
  const vulkan::Region scratch =
      arena.region(kernels::resample_scratch_bytes(horizontal, vertical, size.channels));
  test::run(library, [&](kernels::Context& context) {
    resample(context, in, out, scratch, horizontal, vertical, size.channels);
  });
  const Array actual =
      test::planar(test::download<float>(out), size.channels, size.out_height, size.out_width);
  CHECK(reference::relative_error(
            actual, reference::resample(picture, size.out_width, size.out_height, filter)) <= 1e-6);
}

}  // namespace

TEST_CASE("Resampling matches the reference") {
  IMPASTO_REQUIRE_GPU();
  for (const Filter filter : {Filter::bilinear, Filter::bicubic, Filter::lanczos})
    for (const Case& size : kCases) check(test::library(), size, filter);
}

TEST_CASE("Resampling in bands equals resampling at once") {
  IMPASTO_REQUIRE_GPU();
  constexpr uint64_t kLimit = 8192;
  REQUIRE(90 * 50 * 12 > 4 * kLimit);
  kernels::Library limited = test::limited_library(kLimit);
  check(limited, {3, 90, 50, 61, 40}, Filter::bicubic);
  check(limited, {3, 61, 40, 90, 50}, Filter::lanczos);
}

}  // namespace impasto
