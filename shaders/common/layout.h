// What C++ and GLSL share: the tensor layout, tile sizes and the types push constants are written in.
//
// Tensor:  height × ⌈channels/4⌉ × width texels of four floats or halves; index = origin + (y·blocks + c)·width + x.
// Mask:    tile_rows × blocks × tile_columns uvec2; bit ((y%4)·4 + x%4)·4 + channel%4 of the 64 says that the activation is > 0
//          (bits 0–31 in .x: rows 0 and 1; bits 32–63 in .y: rows 2 and 3).
// Choice:  tile_rows × blocks × tile_columns uint; bits 2·(window·4 + channel%4) …+1 hold which of the four pixels of the 2×2 window
//          was largest (0 top left, 1 top right, 2 bottom left, 3 bottom right); window = ((y/2)%2)·2 + (x/2)%2 in the 4×4 tile.
#ifndef IMPASTO_LAYOUT_H
#define IMPASTO_LAYOUT_H

#ifdef __cplusplus
#define IMPASTO_SHARED_BEGIN namespace impasto::shared {
#define IMPASTO_SHARED_END }
#include <cstdint>
namespace impasto::shared {
using uint = uint32_t;
}
#else
#define IMPASTO_SHARED_BEGIN
#define IMPASTO_SHARED_END
#endif

IMPASTO_SHARED_BEGIN
const int kTile =
    4;  // pixels a side of the tiles that masks and choices are stored by, and of a Winograd F(4,3) output

// The specialisation constant with a bit for each binding whose texels are fp16 (tensor.glsl).
const int kHalvesConstant = 64;

// Rows of a matrix product in one subgroup; channels of matrices are padded with zeros to a multiple of it.
const int kGemmRows = 32;
IMPASTO_SHARED_END

#endif
