// Gradient of max pooling: a window's gradient goes to its chosen pixel, then through the ReLU before the pooling.
// pooled_gradient: tensor pooled_height × blocks × pooled_width.  gradient: tensor height × blocks × width, every texel written.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "pooling/tile.glsl"

TENSOR_IN(0, pooled_gradient)
#include "pooling/backward.glsl"

layout(binding = 3, std430) readonly buffer Choices { uint choices[]; };

void main() {
  Tile tile = this_tile();
  if (!tile.inside) return;
  uvec2 mask = masks[p.mask_origin + tile.index];
  uint word = choices[p.choice_origin + tile.index];
  [[unroll]] for (int window = 0; window < 4; window++) {
    ivec2 at = tile.pixel + window_of(window);
    vec4 value = window_gradient(at, tile.block);
    uvec4 chosen = chosen_of(word, window);
    [[unroll]] for (int pixel = 0; pixel < 4; pixel++) {
      vec4 share = mix(vec4(0.0), value, equal(chosen, uvec4(pixel)));
      store_masked(share, at + pixel_of(pixel), tile.block, mask);
    }
  }
}
