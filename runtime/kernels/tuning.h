// The tables of matrix products: which there are, what each needs of a device, and which of them a device runs for a product.
//
// Winograd's products: a driver that runs on a CPU and has subgroup shuffles takes the subgroup family, everything else the one in shared
// memory, whose tile is chosen by the product's rows: the default, or what was measured. All tiles of the latter sum in the same order, so a
// choice costs or saves time and changes no result: a run is the same with or without a measurement. So it is with the convolutions by
// cooperative matrices (shaders/convolution/matrix.glsl), of which the channels that a workgroup and a subgroup make are chosen.
#pragma once

#include "vulkan/caps.h"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::kernels {

enum class GemmFamily { shared, subgroup };

struct GemmKernel {
  const char* name;
  GemmFamily family;
  int tile_rows;  // of results a workgroup makes; 0: kGemmRows and what subgroup_gemms() say, in one subgroup
  int tile_columns;
  uint32_t invocations;
  uint32_t shared_bytes;
  std::string_view variant;  // of the shaders that are built on gemm_shared.glsl
};

// An invocation makes 8×4 results of a tile of 64 columns and 8×8 of one of 128.
constexpr GemmKernel shared_gemm(const char* name, int tile_rows, int tile_columns) {
  return {name,
          GemmFamily::shared,
          tile_rows,
          tile_columns,
          uint32_t(tile_rows) * 2,
          uint32_t(tile_rows + tile_columns) * 64,
          tile_columns == 128 ? ".8x8" : ""};
}

inline constexpr std::array kGemmKernels = {
    GemmKernel{"subgroup", GemmFamily::subgroup, 0, 0, 0, 0, ""},
    shared_gemm("shared 64x64", 64, 64),  // what the specification's minimum runs, and so the default
    shared_gemm("shared 32x64", 32, 64),
    shared_gemm("shared 128x64", 128, 64),
    shared_gemm("shared 64x128", 64, 128),
    shared_gemm("shared 128x128", 128, 128),
};

bool runs(const GemmKernel& kernel, const vulkan::Caps& caps);

// Those that a device runs of the family that it takes, its default first.
std::vector<GemmKernel> gemm_kernels(const vulkan::Caps& caps);

struct MatrixKernel {
  const char* name;
  int subgroup_rows;  // channels that two subgroups make, of half a patch each
  int groups;         // of two subgroups, in a workgroup
};

// Those that fit a number of channels come in this order: the first is the default.
inline constexpr std::array kMatrixKernels = {
    MatrixKernel{"matrix 4x32", 32, 4},
    MatrixKernel{"matrix 2x32", 32, 2},
    MatrixKernel{"matrix 1x32", 32, 1},
    MatrixKernel{"matrix 2x64", 64, 2},
};

bool runs(const MatrixKernel& kernel, const vulkan::Caps& caps);

// Those that a device with cooperative matrices runs for so many channels, a multiple of 32, its default first.
std::vector<MatrixKernel> matrix_kernels(const vulkan::Caps& caps, int rows);

// Rows of a product from which on a tile is chosen for themselves; VGG's channels.
inline constexpr std::array kTunedRows = {64, 128, 256, 512};

// For products of at least so many rows the name of the kernel that was measured to be fastest.
struct Tuning {
  std::map<int, std::string> fastest;         // by one of kTunedRows
  std::map<int, std::string> fastest_matrix;  // likewise, of kMatrixKernels

  bool operator==(const Tuning&) const = default;
};

// The kernel for a product of so many rows, padded ones included. What a tuning says that this device does not run is passed over.
GemmKernel gemm_kernel(const vulkan::Caps& caps, const Tuning& tuning, int rows);
MatrixKernel matrix_kernel(const vulkan::Caps& caps, const Tuning& tuning, int rows);

}  // namespace impasto::kernels
