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
  CHECK(names(gpu()) == std::vector<std::string>{"shared 64x64", "shared 32x64", "shared 128x64"});
  CHECK(names(vulkan::Caps{}) == std::vector<std::string>{"shared 64x64", "shared 32x64"});  // the minimum
  CHECK(names(software()) == std::vector<std::string>{"subgroup"});
  vulkan::Caps wide = software();
  wide.subgroup_size = 32;
  CHECK(names(wide) == names(gpu()));
}

TEST_CASE("a measured tile holds for products of its rows and more, up to the next one's") {
  const Tuning tuning{{{128, 128}, {512, 32}}};
  CHECK(gemm_kernel(gpu(), tuning, 64).tile_rows == 64);
  CHECK(gemm_kernel(gpu(), tuning, 128).tile_rows == 128);
  CHECK(gemm_kernel(gpu(), tuning, 480).tile_rows == 128);
  CHECK(gemm_kernel(gpu(), tuning, 512).tile_rows == 32);
  CHECK(gemm_kernel(gpu(), {}, 512).tile_rows == 64);
}

TEST_CASE("a tile that the device does not run, or that does not exist, is passed over") {
  for (const int tile : {128, 0, -1, 7, 1 << 30})
    CHECK(gemm_kernel(vulkan::Caps{}, {{{64, tile}}}, 256).tile_rows == 64);
  CHECK(gemm_kernel(software(), {{{64, 32}}}, 256).family == GemmFamily::subgroup);
}

}  // namespace
}  // namespace impasto::kernels
