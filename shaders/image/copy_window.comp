// A tensor seen through another window: out[y][x] = in[y + down][x + along], zero where that is outside of `in`.
// in: height × blocks × width, out: height × blocks × width (tensors).  x: column, y: block, z: row of this dispatch.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "image/push.h"

layout(local_size_x_id = 0) in;

TENSOR_IN(0, tensor_in)
TENSOR_OUT(1, tensor_out)
layout(push_constant) uniform Push {
  CopyWindowPush p;
};

void main() {
  int x = int(gl_GlobalInvocationID.x), block = int(gl_GlobalInvocationID.y);
  int y = int(gl_GlobalInvocationID.z) + p.first_row;
  if (x >= p.out_width) return;
  ivec2 from = ivec2(x + p.along, y + p.down);
  bool inside = from.x >= 0 && from.x < p.in_width && from.y >= 0 && from.y < p.in_height;
  // Zero outside is not read, for its row may not be bound.
  vec4 texel = vec4(0.0);
  if (inside) texel = LOAD(tensor_in, p.in_origin + (from.y * p.blocks + block) * p.in_width + from.x);
  STORE(tensor_out, p.out_origin + (y * p.blocks + block) * p.out_width + x, texel);
}
