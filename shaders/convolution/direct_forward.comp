// Direct 3×3 convolution of a picture with bias and ReLU.  in: height × in_blocks × width, out: height × out_blocks × width (tensors),
// weights: 9 × 4·in_blocks × out_blocks texels; mask: the tiles' bits.  x: columns, kColumns an invocation; y: it makes every
// gl_NumWorkGroups.y-th block of four output channels; z: rows of tiles.
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

#ifdef TEXEL
void store(vec4 result[kTile][kColumns], vec4 bias, int tile_row, int first_column, int block) {
  store_activated(result, bias, p.out_origin, tile_row, first_column / kTile, block, p.out_blocks);
}
#else
shared uvec2 column_bits[gl_WorkGroupSize.x];

// The first of a tile's four invocations writes the mask of all.
void store(vec4 result[kTile][kColumns], vec4 bias, int tile_row, int x, int block) {
  int lane = int(gl_LocalInvocationID.x);
  uvec2 bits = uvec2(0u);
  [[unroll]] for (int i = 0; i < kTile; i++) {
    int y = tile_row * kTile + i;
    vec4 activation = max(result[i][0] + bias, vec4(0.0));
    if (y >= p.height || x >= p.width) continue;
    STORE(tensor_out, p.out_origin + (y * p.out_blocks + block) * p.width + x, activation);
    bits[i / 2] |= mask_bits(activation, i, x % kTile);
  }
  if (!kMask) return;
  barrier();  // those of the block before have been read
  column_bits[lane] = bits;
  barrier();
  if (x % kTile != 0 || x >= p.width) return;
  [[unroll]] for (int j = 1; j < kTile; j++) bits |= column_bits[lane + j];
  mask_out[p.mask_origin + (tile_row * p.out_blocks + block) * p.tile_columns + x / kTile] = bits;
}
#endif

void main() {
  int first_column = int(gl_GlobalInvocationID.x) * kColumns;
  int tile_row = int(gl_GlobalInvocationID.z) + p.first_tile_row;
#ifdef TEXEL
  if (first_column >= p.width) return;
#endif
  vec4 d[6][kColumns + 2];
  load_surroundings(tile_row, first_column, 0, d);
  for (int block = int(gl_WorkGroupID.y); block < p.out_blocks; block += int(gl_NumWorkGroups.y)) {
    vec4 result[kTile][kColumns];
    clear(result);
    convolve(d, 0, block, result);
    vec4 bias = LOAD(weights, 36 * p.in_blocks * p.out_blocks + block);  // rides behind the weights
    store(result, bias, tile_row, first_column, block);
  }
}
