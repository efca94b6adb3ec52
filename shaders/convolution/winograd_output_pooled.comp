// Winograd output transform of a layer that is pooled, 2×2 with stride 2, and not stored: P = pool(ReLU(Aᵀ M A + bias)).
// M: 36 × padded_blocks × pitch texels.  pooled: tensor pooled_height × blocks × pooled_width; mask, choices: the tile's, of the map, of height × width
// pixels.  One invocation a tile and block of four channels.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "convolution/push.h"
#include "convolution/rows.glsl"
#include "convolution/winograd.glsl"

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

#include "convolution/pool_tile.glsl"
#include "convolution/winograd_output.glsl"

void main() {
  int tile = int(gl_GlobalInvocationID.x), block = int(gl_GlobalInvocationID.y);
  if (tile >= p.tiles) return;
  vec4 map[kTile][kTile];
  output_tile(tile, block, map);
  int absolute = tile + p.first_tile;
  int row = absolute / p.tile_columns;
  store_pooled(map, bias[block], PooledTile(ivec2(absolute - row * p.tile_columns, row), block, ivec2(p.width, p.height),
                                            ivec2(p.pooled_width, p.pooled_height), p.blocks, p.tile_columns, p.pooled_origin,
                                            p.mask_origin, p.choice_origin));
}
