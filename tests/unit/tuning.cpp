// Which matrix product a device runs, by its capabilities and by what was measured.
#include "kernels/tuning.h"

#include "catch.h"

namespace impasto::kernels {
namespace {

vulkan::Caps gpu() {
  vulkan::Caps caps;
  caps.type = vulkan::DeviceType::discrete;
  caps.max_invocations = 1024;
  caps.max_shared_bytes = 49152;
  return caps;
}

vulkan::Caps software() {
  vulkan::Caps caps = gpu();
  caps.type = vulkan::DeviceType::software;
  caps.max_texel_elements = 1u << 27;
  caps.subgroup_size = 8;
  caps.subgroup_shuffle = true;
  return caps;
}

TEST_CASE("a device gets the kernels whose needs it meets, its default first") {
  const auto names = [](const vulkan::Caps& caps) {
    std::vector<std::string> names;
    for (const GemmKernel& kernel : gemm_kernels(caps)) names.push_back(kernel.name);
    return names;
  };
  CHECK(names(gpu()) == std::vector<std::string>{"shared 64x64", "shared 32x64", "shared 128x64",
                                                 "shared 64x128", "shared 128x128"});
  CHECK(names(vulkan::Caps{}) ==
        std::vector<std::string>{"shared 64x64", "shared 32x64", "shared 64x128"});  // the minimum
  CHECK(names(software()) == std::vector<std::string>{"subgroup"});
  vulkan::Caps wide = software();
  wide.subgroup_size = 32;
  CHECK(names(wide) == names(gpu()));
}

TEST_CASE("a kernel that was measured holds for products of its rows and more, up to the next one's") {
  const Tuning tuning{{{128, "shared 128x64"}, {512, "shared 64x128"}}, {}};
  const auto tile = [&](int rows, const Tuning& measured) {
    const GemmKernel kernel = gemm_kernel(gpu(), measured, rows);
    return std::pair{kernel.tile_rows, kernel.tile_columns};
  };
  CHECK(tile(64, tuning) == std::pair{64, 64});
  CHECK(tile(128, tuning) == std::pair{128, 64});
  CHECK(tile(480, tuning) == std::pair{128, 64});
  CHECK(tile(512, tuning) == std::pair{64, 128});
  CHECK(tile(512, {}) == std::pair{64, 64});
}

TEST_CASE("convolutions by cooperative matrices are shared out as their channels and the device allow") {
  const auto names = [](const vulkan::Caps& caps, int rows) {
    std::vector<std::string> names;
    for (const MatrixKernel& kernel : matrix_kernels(caps, rows)) names.push_back(kernel.name);
    return names;
  };
  using Names = std::vector<std::string>;
  vulkan::Caps caps = gpu();
  caps.subgroup_size = 32;
  CHECK(names(caps, 128) == Names{"matrix 4x32", "matrix 2x32", "matrix 1x32", "matrix 2x64"});
  CHECK(names(caps, 64) == Names{"matrix 2x32", "matrix 1x32"});
  CHECK(names(caps, 96) == Names{"matrix 1x32"});
  caps.max_shared_bytes = 32768;
  CHECK(names(caps, 128) == Names{"matrix 4x32", "matrix 2x32", "matrix 1x32"});
  caps.max_invocations = 128;
  CHECK(names(caps, 128) == Names{"matrix 2x32", "matrix 1x32"});
  const Tuning tuning{{}, {{64, "matrix 2x64"}, {256, "matrix 1x32"}}};
  caps = gpu();
  CHECK(matrix_kernel(caps, tuning, 128).name == std::string("matrix 2x64"));
  CHECK(matrix_kernel(caps, tuning, 512).name == std::string("matrix 1x32"));
  CHECK(matrix_kernel(caps, tuning, 64).name == std::string("matrix 2x32"));
  CHECK(matrix_kernel(caps, tuning, 32).name == std::string("matrix 1x32"));
  CHECK(matrix_kernel(caps, tuning, 96).name == std::string("matrix 1x32"));
}

TEST_CASE("a kernel that the device does not run, or that does not exist, is passed over") {
  for (const char* kernel : {"shared 128x64", "shared 128x128", "subgroup", "", "7"})
    CHECK(gemm_kernel(vulkan::Caps{}, {{{64, kernel}}, {}}, 256).name == std::string("shared 64x64"));
  CHECK(gemm_kernel(software(), {{{64, "shared 32x64"}}, {}}, 256).family == GemmFamily::subgroup);
}

}  // namespace
}  // namespace impasto::kernels
