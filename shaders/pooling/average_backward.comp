// Gradient of average pooling: a window's gradient is shared by the pixels it has, then goes through the ReLU before the pooling.
// pooled_gradient: tensor pooled_height × blocks × pooled_width.  gradient: tensor height × blocks × width, every texel written.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "pooling/tile.glsl"

TENSOR_IN(0, pooled_gradient)
#include "pooling/backward.glsl"

void main() {
  Tile tile = this_tile();
  if (!tile.inside) return;
  uvec2 mask = masks[p.mask_origin + tile.index];
  [[unroll]] for (int window = 0; window < 4; window++) {
    ivec2 at = tile.pixel + window_of(window);
    ivec2 there = clamp(ivec2(p.width, p.height) - at, 1, 2);  // columns and rows of the window that exist
    vec4 share = window_gradient(at, tile.block) / float(there.x * there.y);
    [[unroll]] for (int pixel = 0; pixel < 4; pixel++) store_masked(share, at + pixel_of(pixel), tile.block, mask);
  }
}
