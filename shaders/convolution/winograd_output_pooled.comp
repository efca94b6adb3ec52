// Winograd output transform of a layer that is pooled, 2×2 with stride 2, and not stored: P = pool(ReLU(Aᵀ M A + bias)).
// M: 36 × padded_blocks × pitch texels.  pooled: tensor pooled_height × blocks × pooled_width; mask, choices: the tile's, of the map, of height × width
// pixels.  One invocation a tile and block of four channels.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/mask.glsl"
#include "common/tensor.glsl"
#include "convolution/push.h"
#include "convolution/rows.glsl"
#include "convolution/winograd.glsl"
#include "pooling/window.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kKeep = true;  // write the mask, and the choices
layout(constant_id = 2) const bool kMax = false;  // a window's largest pixel, else its mean

TENSOR_IN(0, m_in)
TENSOR_OUT(1, pooled)
layout(binding = 2, std430) readonly buffer Bias {
  vec4 bias[];
};
layout(binding = 3, std430) writeonly buffer Masks {
  uvec2 masks[];
};
layout(binding = 4, std430) writeonly buffer Choices {
  uint choices[];
};
layout(push_constant) uniform Push {
  WinogradPooledOutputPush p;
};

#include "convolution/winograd_output.glsl"

// Of those of the window's pixels that lie beyond the picture, the nearest within stands in.
void window_pixels(vec4 map[kTile][kTile], int window, bvec2 hangs_over, out vec4 pixels[4]) {
  ivec2 at = window_of(window);
  pixels[0] = map[at.y][at.x];
  pixels[1] = hangs_over.x ? pixels[0] : map[at.y][at.x + 1];
  pixels[2] = hangs_over.y ? pixels[0] : map[at.y + 1][at.x];
  pixels[3] = hangs_over.y ? pixels[1] : hangs_over.x ? pixels[2] : map[at.y + 1][at.x + 1];
}

void main() {
  int tile = int(gl_GlobalInvocationID.x), block = int(gl_GlobalInvocationID.y);
  if (tile >= p.tiles) return;
  vec4 map[kTile][kTile];
  output_tile(tile, block, map);
  int absolute = tile + p.first_tile;
  int tile_row = absolute / p.tile_columns, tile_column = absolute - tile_row * p.tile_columns;
  ivec2 corner = ivec2(tile_column, tile_row) * kTile, size = ivec2(p.width, p.height);
  uvec2 bits = uvec2(0u);
  [[unroll]] for (int y = 0; y < kTile; y++) {
    [[unroll]] for (int x = 0; x < kTile; x++) {
      map[y][x] = max(map[y][x] + bias[block], vec4(0.0));
      bool inside = corner.y + y < p.height && corner.x + x < p.width;
      if (kKeep) bits[y / 2] |= inside ? mask_bits(map[y][x], y, x) : 0u;
    }
  }
  uint word = 0u;
  [[unroll]] for (int window = 0; window < 4; window++) {
    ivec2 at = corner + window_of(window), to = at / 2;
    vec4 pixels[4];
    window_pixels(map, window, greaterThanEqual(at + 1, size), pixels);
    uvec4 chosen = uvec4(0u);
    vec4 value = kMax ? largest_of(pixels, chosen) : mean_of(pixels);
    word |= choice_bits(chosen, window);
    if (to.x < p.pooled_width && to.y < p.pooled_height)
      STORE(pooled, p.pooled_origin + (to.y * p.blocks + block) * p.pooled_width + to.x, value);
  }
  if (!kKeep) return;
  int index = (tile_row * p.blocks + block) * p.tile_columns + tile_column;
  masks[p.mask_origin + index] = bits;
  if (kMax) choices[p.choice_origin + index] = word;
}
