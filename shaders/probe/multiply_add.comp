// Multiply-adds in registers and nothing else: what no matrix product of this device can exceed.
// out: a float an invocation, the sum over i of s[i], where s[i] = i at first and s[i] = s[i]·factor + addend, kProbeUnroll times a step.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "probe/push.h"

layout(local_size_x_id = 0) in;

layout(binding = 0, std430) writeonly buffer Out {
  float sums_out[];
};
layout(push_constant) uniform Push {
  ProbePush p;
};

void main() {
  float factor = p.factor, addend = p.addend;  // a software driver fetches what is named in a loop in every step
  int steps = p.steps;
  float sum[kProbeSums];
  [[unroll]] for (int i = 0; i < kProbeSums; i++) sum[i] = float(i);
  for (int step = 0; step < steps; step++) {
    [[unroll]] for (int u = 0; u < kProbeUnroll; u++) [[unroll]] for (int i = 0; i < kProbeSums; i++) sum[i] =
        fma(sum[i], factor, addend);
  }
  float total = 0.0;
  [[unroll]] for (int i = 0; i < kProbeSums; i++) total += sum[i];
  sums_out[gl_GlobalInvocationID.x] = total;
}
