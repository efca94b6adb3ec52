// How convolutions and their products are cut up: slabs of tiles, groups of columns.
#include "catch.h"
#include "kernels/convolution.h"
#include "kernels/gemm.h"

namespace impasto::test {
namespace {

TEST_CASE("the dispatches of a product have every column once, a few of the narrow kind") {
  vulkan::Caps caps;
  caps.subgroup_size = GENERATE(4u, 8u);
  const int widest = caps.subgroup_size == 8 ? 64 : 16;
  for (int columns = 1; columns < 300; ++columns) {
    CAPTURE(caps.subgroup_size, columns);
    int next = 0, made = 0;
    for (const kernels::SubgroupGemm& gemm : kernels::subgroup_gemms("product", caps, columns)) {
      const int per_lane = gemm.shader.back() - '0', width = per_lane * int(caps.subgroup_size);
      CHECK(gemm.shader == "product." + std::to_string(caps.subgroup_size) + "x" + std::to_string(per_lane));
      CHECK(gemm.first_column == next);
      CHECK(gemm.columns > int(gemm.groups - 1) * width);
      CHECK(gemm.columns <= int(gemm.groups) * width);
      next += gemm.columns;
      made += int(gemm.groups) * width;
    }
    CHECK(next == columns);
    CHECK(made <= (columns + widest - 1) / widest * widest);  // what V and M have room for
    CHECK(made - columns < std::max(int(caps.subgroup_size), widest / 4));
  }
}

TEST_CASE("slabs are as few as fit, and even") {
  const auto tiles_of = [](int tiles, int most) {
    return kernels::slab_tiles(tiles, 8, 20, kernels::winograd_input_bytes(8, most),
                               kernels::winograd_output_bytes(20, most));
  };
  CHECK(tiles_of(6144, 6144) == 6144);
  CHECK(tiles_of(6144, 6143 - 63) == 3072);
  CHECK(tiles_of(6144, 9 * 64) == 9 * 64);  // eleven slabs, not sixteen of six times 64
  CHECK(tiles_of(12 * 64, 5 * 64) == 4 * 64);
  CHECK(tiles_of(81, 128) == 128);  // room, for 81 of them
  CHECK(tiles_of(1, 64) == 64);
  CHECK(kernels::slab_tiles(1000, 8, 20, 0, 0) == 64);
  CHECK(kernels::slab_tiles(640, 8, 20, kernels::winograd_input_bytes(8, 640),
                            kernels::winograd_output_bytes(20, 128)) == 128);
}

}  // namespace
}  // namespace impasto::test
