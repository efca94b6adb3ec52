// The inner products of the pairs in a page of the history with the gradient and with the candidate's y: the one pass over the
// history that the Gram form of L-BFGS needs for its sums (Chen, Wang & Zhou, Large-scale L-BFGS using MapReduce, NIPS 2014).
// A workgroup takes a share of the elements and kPairsPerBatch pairs; group y counts the batches of the page.
//   page: `slots` pairs s, y of `quads` texels;  gradient: `elements` floats;  candidate: s, previous gradient
//   sums: for every slot sᵢᵀg, yᵢᵀg, sᵢᵀy, yᵢᵀy, a partial sum a workgroup
#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#include "common/tensor.glsl"
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(push_constant) uniform Constants { LbfgsVectors push; };
TENSOR_IN(0, page)
#define GRADIENT 1
#include "optimizer/vectors.glsl"
layout(binding = 2, std430) readonly buffer Candidate { vec4 candidate[]; };
layout(binding = 3, std430) buffer Control { LbfgsState state; vec2 data[]; };
const int kSums = 4 * kPairsPerBatch;
#include "optimizer/group_sums.glsl"

// Pair k of the batch. Unrolled here: compilers' own unrolling may lose `precise`, and with it the low part of the sums.
#define MULTIPLY(k)                                                      \
  {                                                                      \
    const vec4 old_s = LOAD(page, texels[k] + i);                        \
    const vec4 old_y = LOAD(page, texels[k] + push.quads + i);           \
    sums[4 * k] = accumulate(sums[4 * k], dot_quad(old_s, g));           \
    sums[4 * k + 1] = accumulate(sums[4 * k + 1], dot_quad(old_y, g));   \
    sums[4 * k + 2] = accumulate(sums[4 * k + 2], dot_quad(old_s, y));   \
    sums[4 * k + 3] = accumulate(sums[4 * k + 3], dot_quad(old_y, y));   \
  }

void main() {
  const int used = min(int(state.status.pairs) - push.first_slot, push.slots);  // pairs of this page
  const int first = int(gl_WorkGroupID.y) * kPairsPerBatch;
  if (first >= used) return;
  int texels[kPairsPerBatch];
  [[unroll]] for (int k = 0; k < kPairsPerBatch; ++k) texels[k] = 2 * min(first + k, used - 1) * push.quads;
  vec2 sums[kSums];
  [[unroll]] for (int k = 0; k < kSums; ++k) sums[k] = vec2(0.0);

  const int stride = int(gl_NumWorkGroups.x * gl_WorkGroupSize.x);
  for (int i = int(gl_GlobalInvocationID.x); i < push.quads; i += stride) {
    const vec4 g = gradient_quad(uint(i));
    const vec4 y = g - candidate[push.quads + i];
    MULTIPLY(0)
    MULTIPLY(1)
    MULTIPLY(2)
    MULTIPLY(3)
  }
  sum_group(sums);

  const int lane = int(gl_LocalInvocationIndex);
  if (lane >= kSums || first + lane / 4 >= used) return;
  const int row = push.parts.sums + (push.first_group + int(gl_WorkGroupID.x)) * 4 * push.parts.history;
  data[row + 4 * (push.first_slot + first) + lane] = group_sum(lane);
}
