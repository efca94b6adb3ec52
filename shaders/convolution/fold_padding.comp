// out (+)= mask ⊙ the gradient of a picture from that of the picture with a margin of a pixel, whose values are copies of the edge.
// in: (height + 2) × blocks × (width + 2), out: height × blocks × width (tensors); mask: of the activation whose gradient out is.
// One invocation a tile and block.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "convolution/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kMask = true;         // apply the mask
layout(constant_id = 2) const bool kAccumulate = false;  // add to what is there, which is masked already

TENSOR_IN(0, tensor_in)
TENSOR_INOUT(1, tensor_out)
layout(binding = 2, std430) readonly buffer Mask {
  uvec2 mask_in[];
};
layout(push_constant) uniform Push {
  DirectPush p;
};

#include "convolution/masked.glsl"

// The positions with the margin that are this one: itself and, at an edge, its copy.
ivec2 copies(int at, int size) { return ivec2(at == 0 ? 0 : at + 1, at == size - 1 ? size + 1 : at + 1); }

void main() {
  int tile_column = int(gl_GlobalInvocationID.x), block = int(gl_GlobalInvocationID.y);
  int tile_row = int(gl_GlobalInvocationID.z) + p.first_tile_row;
  if (tile_column >= p.tile_columns) return;
  uvec2 bits = kMask ? mask_in[p.mask_origin + (tile_row * p.out_blocks + block) * p.tile_columns + tile_column]
                     : uvec2(0u);
  for (int k = 0; k < kTile * kTile; k++) {
    int i = k / kTile, j = k % kTile;
    int y = tile_row * kTile + i, x = tile_column * kTile + j;
    if (y >= p.height || x >= p.width) continue;
    ivec2 rows = copies(y, p.height), columns = copies(x, p.width);
    vec4 value = vec4(0.0);
    for (int row = rows.x; row <= rows.y; row++)
      for (int column = columns.x; column <= columns.y; column++)
        value += LOAD(tensor_in, p.in_origin + (row * p.in_blocks + block) * (p.width + 2) + column);
    store_masked(value, bits, i, j, p.out_origin + (y * p.out_blocks + block) * p.width + x);
  }
}
