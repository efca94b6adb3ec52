// D = gradient_scale · gradient_weight · (G − A), and the partial sums of (G − A)².  G, A: blocks × channels texels (gram_reduce.comp);
// D: padded/4 × padded texels, zero where padded; term: the loss-term block.  x: row of D, y: kBlocksPerGroup blocks of it; one
// partial a workgroup.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "loss/term.glsl"
#include "style/push.h"

layout(local_size_x_id = 0) in;

TENSOR_IN(0, gram)
TENSOR_IN(1, target)
layout(binding = 2, std430) writeonly buffer Difference {
  vec4 difference[];
};
TERM(3, )
layout(push_constant) uniform Push {
  StyleDifferencePush p;
};

shared float lane_sums[gl_WorkGroupSize.x];

void main() {
  int row = int(gl_GlobalInvocationID.x), first = int(gl_GlobalInvocationID.y) * kBlocksPerGroup;
  int lane = int(gl_LocalInvocationID.x);
  float scale = p.gradient_scale * term.gradient_weight, sum = 0.0;
  for (int block = first; block < first + kBlocksPerGroup; block++) {
    int at = min(block, p.channels / 4 - 1) * p.channels + min(row, p.channels - 1);
    vec4 d = LOAD(gram, at) - LOAD(target, at);
    if (row >= p.channels || block * 4 >= p.channels) d = vec4(0.0);
    if (row < p.padded) difference[block * p.padded + row] = scale * d;
    sum += dot(d, d);
  }
  lane_sums[lane] = sum;
  barrier();
  for (int half_lanes = int(gl_WorkGroupSize.x) / 2; half_lanes > 0; half_lanes /= 2) {
    if (lane < half_lanes) lane_sums[lane] += lane_sums[lane + half_lanes];
    barrier();
  }
  if (lane == 0) term.partials[gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x] = lane_sums[0];
}
