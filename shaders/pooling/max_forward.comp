// Max pooling, 2×2 with stride 2.  source: tensor height × blocks × width.  pooled: tensor pooled_height × blocks × pooled_width.
// choices: which pixel of each window was largest, the first in row-major order when several were.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "pooling/tile.glsl"

TENSOR_IN(0, source)
TENSOR_OUT(1, pooled)
layout(binding = 2, std430) writeonly buffer Choices {
  uint choices[];
};

void main() {
  Tile tile = this_tile();
  if (!tile.inside) return;
  uint word = 0u;
  [[unroll]] for (int window = 0; window < 4; window++) {
    ivec2 at = tile.pixel + window_of(window);
    vec4 pixels[4];
    [[unroll]] for (int i = 0; i < 4; i++) pixels[i] = LOAD(source, texel_at(at + pixel_of(i), tile.block));
    uvec4 chosen;
    vec4 best = largest_of(pixels, chosen);
    word |= choice_bits(chosen, window);
    if (pooled_exists(at / 2)) STORE(pooled, pooled_texel_at(at / 2, tile.block), best);
  }
  choices[p.choice_origin + tile.index] = word;
}
