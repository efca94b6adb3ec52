// Where matrix.glsl puts a data gradient. Expects tensor_out, mask_in, kMask and kAccumulate.
#include "convolution/masked.glsl"

void store_tile(vec4 result[kTile][kTile], int tile_row, int tile_column, int block) {
  uvec2 bits = kMask ? mask_in[p.mask_origin + (tile_row * p.out_blocks + block) * p.tile_columns + tile_column]
                     : uvec2(0u);
  [[unroll]] for (int i = 0; i < kTile; i++) {
    [[unroll]] for (int j = 0; j < kTile; j++) {
      int y = tile_row * kTile + i, x = tile_column * kTile + j;
      if (y < p.height && x < p.width)
        store_masked(result[i][j], bits, i, j, p.out_origin + (y * p.out_blocks + block) * p.width + x);
    }
  }
}
