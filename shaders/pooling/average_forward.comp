// Average pooling, 2×2 with stride 2; a window over the edge divides by the pixels it has.
// source: tensor height × blocks × width.  pooled: tensor pooled_height × blocks × pooled_width.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "pooling/tile.glsl"

TENSOR_IN(0, source)
TENSOR_OUT(1, pooled)

void main() {
  Tile tile = this_tile();
  if (!tile.inside) return;
  [[unroll]] for (int window = 0; window < 4; window++) {
    ivec2 at = tile.pixel + window_of(window);
    vec4 pixels[4];
    [[unroll]] for (int i = 0; i < 4; i++) pixels[i] = LOAD(source, texel_at(at + pixel_of(i), tile.block));
    if (pooled_exists(at / 2)) STORE(pooled, pooled_texel_at(at / 2, tile.block), mean_of(pixels));
  }
}
