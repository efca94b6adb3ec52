// D = gradient_scale · weight · (G − A), and the partial sums of (G − A)².  G, A: blocks × channels texels (gram_reduce.comp);
// D: padded/4 × padded texels, zero where padded; term: the loss-term block.  x: row of D, y: block of D; one partial a workgroup.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "style/push.h"

layout(local_size_x_id = 0) in;

layout(binding = 0, std430) readonly buffer Gram { vec4 gram[]; };
layout(binding = 1, std430) readonly buffer Target { vec4 target[]; };
layout(binding = 2, std430) writeonly buffer Difference { vec4 difference[]; };
layout(binding = 3, std430) buffer Term {
  float weight;
  float reserved[3];
  float partials[];
} term;
layout(push_constant) uniform Push { StyleDifferencePush p; };

shared float lane_sums[gl_WorkGroupSize.x];

void main() {
  int row = int(gl_GlobalInvocationID.x), block = int(gl_GlobalInvocationID.y);
  int lane = int(gl_LocalInvocationID.x);
  vec4 d = vec4(0.0);
  if (row < p.channels && block * 4 < p.channels) d = gram[block * p.channels + row] - target[block * p.channels + row];
  if (row < p.padded) difference[block * p.padded + row] = p.gradient_scale * term.weight * d;

  lane_sums[lane] = dot(d, d);
  barrier();
  for (int half_lanes = int(gl_WorkGroupSize.x) / 2; half_lanes > 0; half_lanes /= 2) {
    if (lane < half_lanes) lane_sums[lane] += lane_sums[lane + half_lanes];
    barrier();
  }
  if (lane == 0) term.partials[gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x] = lane_sums[0];
}
