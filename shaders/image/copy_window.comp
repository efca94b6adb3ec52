// A tensor's block moved to another place: out[y][x] (+)= in[y + down][x + along], zero where that is outside of the block.
// in: height × blocks × width, out: height × blocks × width (tensors).  x: column of this dispatch, y: block, z: row likewise.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "image/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kAccumulate = false;

TENSOR_IN(0, tensor_in)
TENSOR_INOUT(1, tensor_out)
layout(push_constant) uniform Push {
  CopyWindowPush p;
};

void main() {
  int x = int(gl_GlobalInvocationID.x) + p.first_column, block = int(gl_GlobalInvocationID.y);
  int y = int(gl_GlobalInvocationID.z) + p.first_row;
  if (x >= p.last_column) return;
  ivec2 from = ivec2(x + p.along, y + p.down);
  bool inside = from.x >= p.columns[0] && from.x < p.columns[1] && from.y >= p.rows[0] && from.y < p.rows[1];
  // Zero outside is not read, for its row may not be bound.
  vec4 texel = vec4(0.0);
  if (inside) texel = LOAD(tensor_in, p.in_origin + (from.y * p.blocks + block) * p.in_width + from.x);
  int at = p.out_origin + (y * p.blocks + block) * p.out_width + x;
  if (kAccumulate) texel += FORMER(tensor_out, at);
  STORE(tensor_out, at, texel);
}
