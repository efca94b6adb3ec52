// Push constants of the convolution shaders.
#ifndef IMPASTO_CONVOLUTION_PUSH_H
#define IMPASTO_CONVOLUTION_PUSH_H
#include "common/layout.h"

IMPASTO_SHARED_BEGIN

struct WinogradInputPush {
  int origin;  // of the tensor that is read
  int height;  // of the whole picture
  int width;
  int blocks;  // of four channels
  int tile_columns;
  int first_tile;  // of this slab, in tiles of the whole picture
  int tiles;       // of this slab
  int pitch;       // tiles a row of V has room for
  int v_rows;      // of one point
};

struct WinogradPooledInputPush {
  int pooled_origin;
  int mask_origin;    // in uvec2s
  int choice_origin;  // in uints
  int height;         // of the map that was pooled
  int width;
  int pooled_height;
  int pooled_width;
  int blocks;
  int map_rows;  // of tiles, that masks and choices are stored by
  int map_columns;
  int tile_columns;  // of what is tiled
  int first_tile;
  int tiles;
  int pitch;
  int v_rows;
};

struct WinogradPooledOutputPush {
  int pooled_origin;
  int mask_origin;    // in uvec2s
  int choice_origin;  // in uints
  int height;         // of the map that is pooled
  int width;
  int pooled_height;
  int pooled_width;
  int blocks;
  int tile_columns;
  int first_tile;
  int tiles;
  int pitch;
  int padded_blocks;  // of M
};

struct WinogradOutputPush {
  int origin;       // of the tensor that is written
  int mask_origin;  // in uvec2
  int height;
  int width;
  int blocks;
  int tile_columns;
  int first_tile;
  int tiles;
  int pitch;
  int padded_blocks;  // of M
};

struct GemmPush {
  int contraction;    // blocks of four channels that are summed over
  int rows;           // output channels, padded
  int weight_rows;    // outputs of the weights, padded
  int weight_blocks;  // input blocks of the weights, padded
  int columns;        // that exist
  int pitch;          // columns a row of V and M has room for
  int v_rows;         // of one point
  int first_column;   // of a dispatch of the subgroup family
};

struct DirectPush {
  int in_origin;
  int out_origin;
  int mask_origin;  // in uvec2
  int height;
  int width;
  int in_blocks;
  int out_blocks;
  int tile_columns;
  int first_tile_row;
};

const int kPatchRows = 8;  // pixels of which a workgroup of matrix.glsl makes results
const int kPatchColumns = 16;
const int kMatrixSlab = 16;  // input channels that it goes through at a time

struct MatrixPush {
  int in_origin;
  int out_origin;
  int mask_origin;  // in uvec2
  int height;       // of what is written
  int width;
  int margin;  // pixels that this has on each side around what is read
  int in_blocks;
  int out_blocks;
  int tile_columns;
  int first_row;    // of pixels, in this dispatch
  int slabs;        // of input channels
  int weight_rows;  // output channels, padded
};

// Behind a MatrixPush: of the map that was pooled, which is what is written, or what is read.
struct MatrixPooledPush {
  int pooled_height;
  int pooled_width;
  int choice_origin;
  int mask_origin;   // of a map that is read
  int tile_columns;  // likewise
};

IMPASTO_SHARED_END

#endif
