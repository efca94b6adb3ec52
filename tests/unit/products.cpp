// How convolutions and their products are cut up for a processor: slabs of rows, groups of columns.
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
  const auto rows_of = [](int rows, int most) {
    return kernels::even_slab_rows(rows, [=](int count) { return count <= most; });
  };
  CHECK(rows_of(96, 96) == 96);
  CHECK(rows_of(96, 95) == 48);
  CHECK(rows_of(96, 9) == 9);  // eleven slabs, not sixteen of six rows
  CHECK(rows_of(12, 5) == 4);
  CHECK(rows_of(7, 1) == 1);
  CHECK(rows_of(1, 0) == 1);
}

}  // namespace
}  // namespace impasto::test
