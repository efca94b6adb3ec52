// Winograd output transform Y = ReLU(Aᵀ M A + bias).  M: 36 × padded_blocks × pitch texels.  out: tensor height × blocks × width;
// mask: the tile's bits.  One invocation a tile and block of four channels.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "convolution/push.h"
#include "convolution/rows.glsl"
#include "convolution/winograd.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kMask = true;  // write the mask

TENSOR_IN(0, m_in)
TENSOR_OUT(1, tensor_out)
layout(binding = 2, std430) readonly buffer Bias {
  vec4 bias[];
};
layout(binding = 3, std430) writeonly buffer Mask {
  uvec2 mask_out[];
};
layout(push_constant) uniform Push {
  WinogradOutputPush p;
};

#include "convolution/activate.glsl"
#include "convolution/winograd_output.glsl"

void main() {
  int tile = int(gl_GlobalInvocationID.x), block = int(gl_GlobalInvocationID.y);
  if (tile >= p.tiles) return;
  vec4 result[kTile][kTile];
  output_tile(tile, block, result);
  int absolute = tile + p.first_tile;
  int tile_row = absolute / p.tile_columns;
  store_activated(result, bias[block], p.origin, tile_row, absolute - tile_row * p.tile_columns, block,
                  p.blocks);
}
