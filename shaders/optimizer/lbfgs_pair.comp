// The inner products that need the candidate pair alone, a partial sum a workgroup, and the check that the gradient is finite.
//   gradient: `elements` floats;  candidate: the last step s, then the gradient before it, `quads` texels each;  y = g − that
//   sums: ‖g‖₁, sᵀg, yᵀg, sᵀy, yᵀy, how many entries of g are not finite, gᵀg, how many are above kFlat, sᵀ(g − y)
#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(push_constant) uniform Constants { LbfgsVectors push; };
#define GRADIENT 0
#include "optimizer/vectors.glsl"
layout(binding = 1, std430) readonly buffer Candidate { vec4 candidate[]; };
layout(binding = 2, std430) buffer Control { LbfgsState state; vec2 data[]; };
const int kSums = kPairSums;
#include "optimizer/group_sums.glsl"

// Of which a value's magnitude has at least these bits.
float entries_from(vec4 g, uint bits) {
  const bvec4 found = greaterThanEqual(floatBitsToUint(g) & 0x7fffffffu, uvec4(bits));
  return dot(vec4(found), vec4(1.0));
}

void main() {
  vec2 sums[kSums];
  [[unroll]] for (int k = 0; k < kSums; ++k) sums[k] = vec2(0.0);
  const uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint i = gl_GlobalInvocationID.x; i < uint(push.quads); i += stride) {
    const vec4 g = gradient_quad(i);
    const vec4 s = candidate[i];
    const vec4 before = candidate[push.quads + i];
    const vec4 y = g - before;
    sums[0] = accumulate(sums[0], dot_quad(abs(g), vec4(1.0)));
    sums[1] = accumulate(sums[1], dot_quad(s, g));
    sums[2] = accumulate(sums[2], dot_quad(y, g));
    sums[3] = accumulate(sums[3], dot_quad(s, y));
    sums[4] = accumulate(sums[4], dot_quad(y, y));
    sums[5].x += entries_from(g, kHugeBits);
    sums[6] = accumulate(sums[6], dot_quad(g, g));
    sums[7].x += entries_from(g, floatBitsToUint(kFlat));
    sums[8] = accumulate(sums[8], dot_quad(s, before));
  }
  sum_group(sums);
  const uint lane = gl_LocalInvocationIndex;
  if (lane < kSums) data[push.parts.pair_sums + (push.first_group + gl_WorkGroupID.x) * kSums + lane] = group_sum(lane);
}
