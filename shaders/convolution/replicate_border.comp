// Adds to the data gradient what reaches a border pixel through the copies of it that replicating padding puts around the picture.
// in: gradient, height × in_blocks × width; out: height × out_blocks × width (tensors), already the gradient for padding with zeros;
// weights as direct_backward.comp has them.  x: column, y: row of this dispatch, z: block of four output channels.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "convolution/push.h"

layout(local_size_x_id = 0) in;

TENSOR_IN(0, tensor_in)
TENSOR_IN(1, weights)
TENSOR_INOUT(2, tensor_out)
layout(push_constant) uniform Push {
  DirectPush p;
};

// The gradient at a position outside the picture.
vec4 gradient_at(int y, int x, int out_block) {
  vec4 result = vec4(0.0);
  for (int tap = 0; tap < 9; tap++) {
    int from_y = y + tap / 3 - 1, from_x = x + tap % 3 - 1;
    if (from_y < 0 || from_y >= p.height || from_x < 0 || from_x >= p.width) continue;
    for (int block = 0; block < p.in_blocks; block++) {
      vec4 texel = LOAD(tensor_in, p.in_origin + (from_y * p.in_blocks + block) * p.width + from_x);
      [[unroll]] for (int channel = 0; channel < 4; channel++) {
        vec4 weight = LOAD(weights, ((tap * p.in_blocks + block) * 4 + channel) * p.out_blocks + out_block);
        result += texel[channel] * weight;
      }
    }
  }
  return result;
}

void main() {
  int x = int(gl_GlobalInvocationID.x), y = int(gl_GlobalInvocationID.y) + p.first_tile_row * kTile;
  int block = int(gl_GlobalInvocationID.z);
  bool border = x == 0 || y == 0 || x == p.width - 1 || y == p.height - 1;
  if (x >= p.width || y >= p.height || !border) return;
  vec4 copies = vec4(0.0);
  for (int dy = -1; dy <= 1; dy++) {
    for (int dx = -1; dx <= 1; dx++) {
      ivec2 at = ivec2(x + dx, y + dy), inside = clamp(at, ivec2(0), ivec2(p.width, p.height) - 1);
      if (at != inside && inside == ivec2(x, y)) copies += gradient_at(at.y, at.x, block);
    }
  }
  int at = p.out_origin + (y * p.out_blocks + block) * p.width + x;
  STORE(tensor_out, at, FORMER(tensor_out, at) + copies);
}
