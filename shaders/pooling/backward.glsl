// The end of both pooling gradients: adds what is there when asked to, masks, and writes every pixel of the tile that exists.
// Expects the tensor pooled_gradient and pooling/tile.glsl.
#include "common/mask.glsl"

layout(constant_id = 1) const bool kAccumulate = false;

// Of the larger map's ReLU.
layout(binding = 1, std430) readonly buffer Masks {
  uvec2 masks[];
};
TENSOR_INOUT(2, gradient)

// The gradient that reaches a window; zero where no window covers the pixels.
vec4 window_gradient(ivec2 at, int block) {
  vec4 value = LOAD(pooled_gradient, pooled_texel_at(at / 2, block));
  return pooled_exists(at / 2) ? value : vec4(0.0);
}

// Stores the gradient of the pixel `at`; `mask` is its tile's.
void store_masked(vec4 value, ivec2 at, int block, uvec2 mask) {
  if (at.x >= p.width || at.y >= p.height) return;
  int index = texel_at(at, block);
  if (kAccumulate) value += FORMER(gradient, index);
  ivec2 inner = at & (kTile - 1);
  STORE(gradient, index, masked(value, mask, inner.y, inner.x));
}
