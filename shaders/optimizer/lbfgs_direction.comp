// Adds up the step from the coefficients of lbfgs_recursion: that of the gradient with the first page of the history, and those of
// the page's pairs. The step is written over the candidate's s, which lbfgs_store has copied when it was kept.
//   page: `slots` pairs s, y of `quads` texels;  gradient: `elements` floats;  candidate: s (written), previous gradient
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
layout(binding = 2, std430) buffer Candidate { vec4 candidate[]; };
layout(binding = 3, std430) readonly buffer Control { LbfgsState state; vec2 data[]; };
const int kQuads = 2;  // an invocation, to share the loads of the coefficients

void main() {
  const bool first_page = push.first_slot == 0;
  const int used = min(int(state.status.pairs) - push.first_slot, push.slots);
  if (state.stepping == 0u || (used <= 0 && !first_page)) return;
  const int threads = int(gl_NumWorkGroups.x * gl_WorkGroupSize.x);
  for (int start = int(gl_GlobalInvocationID.x); start < push.quads; start += kQuads * threads) {
    int at[kQuads];
    vec4 sum[kQuads];
    [[unroll]] for (int k = 0; k < kQuads; ++k) {
      at[k] = min(start + k * threads, push.quads - 1);
      sum[k] = first_page ? data[push.parts.history].x * gradient_quad(uint(at[k])) : candidate[at[k]];
    }
    for (int slot = 0; slot < used; ++slot) {
      const vec2 coefficients = data[push.first_slot + slot];
      const int s = 2 * slot * push.quads;
      [[unroll]] for (int k = 0; k < kQuads; ++k) {
        sum[k] += coefficients.x * LOAD(page, s + at[k]);
        sum[k] += coefficients.y * LOAD(page, s + push.quads + at[k]);
      }
    }
    [[unroll]] for (int k = 0; k < kQuads; ++k)
      if (start + k * threads < push.quads) candidate[at[k]] = sum[k];
  }
}
