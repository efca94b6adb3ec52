// Finds out whether a piece of the gradient is finite.
//   gradient: `elements` floats;  flags: one uint a workgroup behind the AdamState, 1 where something is not finite
#version 450
#extension GL_GOOGLE_include_directive : require
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(push_constant) uniform Constants { AdamCheck push; };
layout(binding = 0, std430) readonly buffer Gradient { float gradient[]; };
layout(binding = 1, std430) buffer Control { AdamState state; uint flags[]; };

shared uint found[gl_WorkGroupSize.x];

void main() {
  const uint lane = gl_LocalInvocationIndex;
  uint bad = 0u;
  for (uint i = gl_GlobalInvocationID.x; i < uint(push.elements); i += gl_NumWorkGroups.x * gl_WorkGroupSize.x)
    if ((floatBitsToUint(gradient[i]) & 0x7fffffffu) >= kHugeBits) bad = 1u;
  found[lane] = bad;
  barrier();
  if (lane != 0u) return;
  for (uint other = 1; other < gl_WorkGroupSize.x; ++other) bad |= found[other];
  flags[push.first + gl_WorkGroupID.x] = bad;
}
