// Winograd output transform of the data gradient: out (+)= mask ⊙ Aᵀ M A.  M: 36 × padded_blocks × pitch texels.
// out: tensor height × blocks × width; mask: of the activation whose gradient this is. One invocation a tile and block.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "convolution/push.h"
#include "convolution/rows.glsl"
#include "convolution/winograd.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kMask = true;         // apply the mask
layout(constant_id = 2) const bool kAccumulate = false;  // add to what is there, which is masked already

TENSOR_IN(0, m_in)
TENSOR_INOUT(1, tensor_out)
layout(binding = 2, std430) readonly buffer Mask {
  uvec2 mask_in[];
};
layout(push_constant) uniform Push {
  WinogradOutputPush p;
};

#include "convolution/masked.glsl"
#include "convolution/winograd_output.glsl"

void main() {
  int tile = int(gl_GlobalInvocationID.x), block = int(gl_GlobalInvocationID.y);
  if (tile >= p.tiles) return;
  vec4 result[kTile][kTile];
  output_tile(tile, block, result);
  int absolute = tile + p.first_tile;
  int tile_row = absolute / p.tile_columns, tile_column = absolute - tile_row * p.tile_columns;
  uvec2 bits = kMask ? mask_in[p.mask_origin + (tile_row * p.blocks + block) * p.tile_columns + tile_column]
                     : uvec2(0u);
  [[unroll]] for (int j = 0; j < kTile; j++) {
    int x = tile_column * kTile + j;
    [[unroll]] for (int i = 0; i < kTile; i++) {
      int y = tile_row * kTile + i;
      if (y < p.height && x < p.width)
        store_masked(result[i][j], bits, i, j, p.origin + (y * p.blocks + block) * p.width + x);
    }
  }
}
