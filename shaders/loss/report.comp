// Copies the totals into the ring's slot of this iteration, with the iteration's number behind them, and counts the iteration.
// state: its first word is the counter.  ring: slots × (count + 1) words. All as words: a small integer is a denormal float.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "loss/push.h"

layout(local_size_x_id = 0) in;

layout(binding = 0, std430) readonly buffer Totals { uint totals[]; };
layout(binding = 1, std430) buffer State { uint iteration; };
layout(binding = 2, std430) writeonly buffer Ring { uint ring[]; };
layout(push_constant) uniform Push { ReportPush p; };

void main() {
  uint now = iteration;
  barrier();  // all have read it before it changes
  uint base = (now % uint(p.slots)) * uint(p.count + 1);
  for (uint i = gl_LocalInvocationID.x; i < uint(p.count); i += gl_WorkGroupSize.x) ring[base + i] = totals[i];
  if (gl_LocalInvocationID.x == 0u) {
    ring[base + uint(p.count)] = now;
    iteration = now + 1u;
  }
}
