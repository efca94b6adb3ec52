// Zero around a block of a tensor.  out: height × blocks × width.  x: column, y: block, z: row of this dispatch.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "image/push.h"

layout(local_size_x_id = 0) in;

TENSOR_OUT(0, tensor_out)
layout(push_constant) uniform Push {
  ClearAroundPush p;
};

void main() {
  int x = int(gl_GlobalInvocationID.x), block = int(gl_GlobalInvocationID.y);
  int y = int(gl_GlobalInvocationID.z) + p.first_row;
  bool kept = x >= p.columns[0] && x < p.columns[1] && y >= p.rows[0] && y < p.rows[1];
  if (x >= p.width || kept) return;
  STORE(tensor_out, p.origin + (y * p.blocks + block) * p.width + x, vec4(0.0));
}
