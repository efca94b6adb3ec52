// Partial sums of Σ v².  vector: this span of a flat array of floats.  One workgroup a partial sum.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/reduce.glsl"
#include "loss/push.h"
#include "loss/term.glsl"

layout(binding = 0, std430) readonly buffer Vector { float vector[]; };
TERM(1, writeonly)
layout(push_constant) uniform Push { NormPush p; };

void main() {
  int first = int(gl_WorkGroupID.x) * kNormFloats + int(gl_LocalInvocationID.x);
  vec4 sum = vec4(0.0);
  [[unroll]] for (int j = 0; j < kNormFloats / kLossGroup; j++) {
    int i = first + j * kLossGroup;
    float value = i < p.floats ? vector[i] : 0.0;
    sum[j % 4] += value * value;
  }
  float total = workgroup_sum((sum.x + sum.y) + (sum.z + sum.w));
  if (gl_LocalInvocationID.x == 0u) term.partials[p.first_partial + int(gl_WorkGroupID.x)] = total;
}
