// Adds the bias, applies ReLU, and writes a 4×4 tile of four channels with its mask; pixels beyond the picture are left out.
// Expects tensor_out, mask_out, kMask, and p with height, width, tile_columns and mask_origin.
#include "common/mask.glsl"

void store_activated(vec4 result[kTile][kTile], vec4 bias, int origin, int tile_row, int tile_column,
                     int block, int blocks) {
  uvec2 bits = uvec2(0u);
  [[unroll]] for (int i = 0; i < kTile; i++) {
    int y = tile_row * kTile + i;
    int base = origin + (y * blocks + block) * p.width;
    [[unroll]] for (int j = 0; j < kTile; j++) {
      int x = tile_column * kTile + j;
      vec4 activation = max(result[i][j] + bias, vec4(0.0));
      bool inside = y < p.height && x < p.width;
      if (inside) STORE(tensor_out, base + x, activation);
      if (kMask) bits[i / 2] |= inside ? mask_bits(activation, i, j) : 0u;
    }
  }
  if (kMask) mask_out[p.mask_origin + (tile_row * blocks + block) * p.tile_columns + tile_column] = bits;
}
