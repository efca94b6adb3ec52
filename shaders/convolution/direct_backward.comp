// Direct 3×3 data gradient with respect to a picture: a convolution of the output's gradient with the rotated kernel.  in: gradient,
// height × in_blocks × width; out: height × out_blocks × width (tensors); weights: 9 × 4·in_blocks × out_blocks texels, rotated already.  x: columns, kColumns an invocation; y: block of output channels; z: rows of tiles.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "convolution/push.h"

layout(local_size_x_id = 0) in;
const int kInputs = 4;
#define OUTPUTS .xyz
const bool kReplicate = false;  // replicate_border.comp adds the rest

TENSOR_IN(0, tensor_in)
TENSOR_IN(1, weights)
TENSOR_OUT(2, tensor_out)
layout(push_constant) uniform Push {
  DirectPush p;
};

#include "convolution/direct.glsl"

void main() {
  int first_column = int(gl_GlobalInvocationID.x) * kColumns, block = int(gl_GlobalInvocationID.y);
  int tile_row = int(gl_GlobalInvocationID.z) + p.first_tile_row;
  if (first_column >= p.width) return;
  vec4 result[kTile][kColumns];
  clear(result);
  for (int in_block = 0; in_block < p.in_blocks; in_block++) {
    vec4 d[6][kColumns + 2];
    load_surroundings(tile_row, first_column, in_block, d);
    convolve(d, in_block, block, result);
  }
  [[unroll]] for (int i = 0; i < kTile; i++) {
    int y = tile_row * kTile + i;
    int base = p.out_origin + (y * p.out_blocks + block) * p.width;
    [[unroll]] for (int j = 0; j < kColumns; j++) {
      int x = first_column + j;
      if (y < p.height && x < p.width) STORE(tensor_out, base + x, result[i][j]);
    }
  }
}
