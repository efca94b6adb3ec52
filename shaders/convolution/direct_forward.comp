// Direct 3×3 convolution of a picture with bias and ReLU.  in: height × in_blocks × width, out: height × out_blocks × width (tensors),
// weights: 9 × 4·in_blocks × out_blocks texels.  One invocation a tile of 4×4 pixels and every gl_NumWorkGroups.y-th block of
// four output channels.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "convolution/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kMask = true;
layout(constant_id = 2) const bool kReplicate = false;
const int kInputs = 3;
#define OUTPUTS

TENSOR_IN(0, tensor_in)
TENSOR_IN(1, weights)
TENSOR_OUT(2, tensor_out)
layout(binding = 3, std430) writeonly buffer Mask {
  uvec2 mask_out[];
};
layout(push_constant) uniform Push {
  DirectPush p;
};

#include "convolution/activate.glsl"
#include "convolution/direct.glsl"

void main() {
  int tile_column = int(gl_GlobalInvocationID.x);
  int tile_row = int(gl_GlobalInvocationID.z) + p.first_tile_row;
  if (tile_column >= p.tile_columns) return;
  vec4 d[6][6];
  load_surroundings(tile_row, tile_column, 0, d);
  for (int block = int(gl_WorkGroupID.y); block < p.out_blocks; block += int(gl_NumWorkGroups.y)) {
    vec4 result[kTile][kTile];
    clear(result);
    convolve(d, 0, block, result);
    vec4 bias = LOAD(weights, 36 * p.in_blocks * p.out_blocks + block);  // rides behind the weights
    store_activated(result, bias, p.out_origin, tile_row, tile_column, block, p.out_blocks);
  }
}
