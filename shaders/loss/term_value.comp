// totals[index] = weight · Σ partials.  One workgroup; each invocation sums every so-many-th with compensation, a tree the rest.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/reduce.glsl"
#include "loss/push.h"
#include "loss/term.glsl"

TERM(0, readonly)
layout(binding = 1, std430) writeonly buffer Totals { float totals[]; };
layout(push_constant) uniform Push { TermValuePush p; };

void main() {
  // Kahan, "Further remarks on reducing truncation errors" (1965): there may be a million partial sums.
  precise float sum = 0.0;
  precise float lost = 0.0;
  for (int i = int(gl_LocalInvocationID.x); i < p.partials; i += int(gl_WorkGroupSize.x)) {
    precise float value = term.partials[i] - lost;
    precise float next = sum + value;
    lost = (next - sum) - value;
    sum = next;
  }
  float total = workgroup_sum(sum);
  if (gl_LocalInvocationID.x == 0u) totals[p.index] = term.weight * total;
}
