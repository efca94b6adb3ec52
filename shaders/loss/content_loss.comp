// Partial sums of Σ (F − P)².  features, wanted: the same texels of two tensors.  One workgroup a partial sum.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/reduce.glsl"
#include "common/tensor.glsl"
#include "loss/push.h"
#include "loss/term.glsl"

TENSOR_IN(0, features)
TENSOR_IN(1, wanted)
TERM(2, writeonly)
layout(push_constant) uniform Push { ContentPush p; };

void main() {
  int first = int(gl_WorkGroupID.x) * kContentTexels + int(gl_LocalInvocationID.x);
  vec4 sum = vec4(0.0);
  [[unroll]] for (int j = 0; j < kContentTexels / kLossGroup; j++) {
    int i = first + j * kLossGroup;
    int inside = min(i, p.texels - 1);
    vec4 difference = LOAD(features, inside) - LOAD(wanted, inside);
    sum += i < p.texels ? difference * difference : vec4(0.0);
  }
  float total = workgroup_sum((sum.x + sum.y) + (sum.z + sum.w));
  if (gl_LocalInvocationID.x == 0u) term.partials[p.first_partial + int(gl_WorkGroupID.x)] = total;
}
