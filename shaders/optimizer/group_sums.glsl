// Sums over a workgroup of kSums numbers in two floats, in a fixed order. Define kSums (a quarter of the workgroup's invocations at
// most, which are a multiple of 4) and declare the workgroup's size before including it.
#include "optimizer/double_float.glsl"

shared vec2 lane_sums[kSums * gl_WorkGroupSize.x];

// Every invocation calls it; afterwards group_sum(k) is right in the invocation k < kSums.
void sum_group(vec2 values[kSums]) {
  const uint lane = gl_LocalInvocationIndex;
  const uint lanes = gl_WorkGroupSize.x;
  [[unroll]] for (int k = 0; k < kSums; ++k) lane_sums[k * lanes + lane] = values[k];
  barrier();
  // Four invocations a sum, each every fourth value.
  if (lane < 4 * kSums) {
    const uint first = (lane / 4) * lanes + lane % 4;
    vec2 sum = lane_sums[first];
    for (uint at = 4; at < lanes; at += 4) sum = df_add(sum, lane_sums[first + at]);
    lane_sums[first] = sum;
  }
  barrier();
}

vec2 group_sum(uint k) {
  const uint first = k * gl_WorkGroupSize.x;
  return df_add(df_add(lane_sums[first], lane_sums[first + 1]), df_add(lane_sums[first + 2], lane_sums[first + 3]));
}
