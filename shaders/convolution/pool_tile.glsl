// Activates a tile of a map that is pooled, 2×2 with stride 2, and not stored; writes what is pooled, with the tile's mask and choices.
// Expects pooled, masks, choices, kKeep and kMax.
#include "common/mask.glsl"
#include "pooling/window.glsl"

struct PooledTile {
  ivec2 at;  // in tiles of the map
  int block;
  ivec2 size;  // of the map, and
  ivec2 pooled_size;
  int blocks;
  int tile_columns;
  int origin;  // of what is pooled
  int mask_origin;
  int choice_origin;
};

// Of those of the window's pixels that lie beyond the picture, the nearest within stands in.
void window_pixels(vec4 map[kTile][kTile], int window, bvec2 hangs_over, out vec4 pixels[4]) {
  ivec2 at = window_of(window);
  pixels[0] = map[at.y][at.x];
  pixels[1] = hangs_over.x ? pixels[0] : map[at.y][at.x + 1];
  pixels[2] = hangs_over.y ? pixels[0] : map[at.y + 1][at.x];
  pixels[3] = hangs_over.y ? pixels[1] : hangs_over.x ? pixels[2] : map[at.y + 1][at.x + 1];
}

void store_pooled(vec4 map[kTile][kTile], vec4 bias, PooledTile tile) {
  ivec2 corner = tile.at * kTile;
  uvec2 bits = uvec2(0u);
  [[unroll]] for (int y = 0; y < kTile; y++) {
    [[unroll]] for (int x = 0; x < kTile; x++) {
      map[y][x] = max(map[y][x] + bias, vec4(0.0));
      bool inside = corner.y + y < tile.size.y && corner.x + x < tile.size.x;
      if (kKeep) bits[y / 2] |= inside ? mask_bits(map[y][x], y, x) : 0u;
    }
  }
  uint word = 0u;
  [[unroll]] for (int window = 0; window < 4; window++) {
    ivec2 at = corner + window_of(window), to = at / 2;
    vec4 pixels[4];
    window_pixels(map, window, greaterThanEqual(at + 1, tile.size), pixels);
    uvec4 chosen = uvec4(0u);
    vec4 value = kMax ? largest_of(pixels, chosen) : mean_of(pixels);
    word |= choice_bits(chosen, window);
    if (to.x < tile.pooled_size.x && to.y < tile.pooled_size.y)
      STORE(pooled, tile.origin + (to.y * tile.blocks + tile.block) * tile.pooled_size.x + to.x, value);
  }
  if (!kKeep) return;
  int index = (tile.at.y * tile.blocks + tile.block) * tile.tile_columns + tile.at.x;
  masks[tile.mask_origin + index] = bits;
  if (kMax) choices[tile.choice_origin + index] = word;
}
