// Copies the candidate pair to its slot of the history, when lbfgs_gather has kept it and the slot is in this page.
//   page: `slots` pairs s, y of `quads` texels;  candidate: s, previous gradient;  gradient: `elements` floats;  y = g − previous
#version 450
#extension GL_GOOGLE_include_directive : require
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(push_constant) uniform Constants { LbfgsVectors push; };
layout(binding = 0, std430) buffer Page { vec4 page[]; };
#define GRADIENT 1
#include "optimizer/vectors.glsl"
layout(binding = 2, std430) readonly buffer Candidate { vec4 candidate[]; };
layout(binding = 3, std430) readonly buffer Control { LbfgsState state; };

void main() {
  if (state.slot == kNoSlot) return;
  const int slot = int(state.slot) - push.first_slot;
  if (slot < 0 || slot >= push.slots) return;
  const uint quads = uint(push.quads);
  const uint s = 2u * uint(slot) * quads;
  const uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint i = gl_GlobalInvocationID.x; i < quads; i += stride) {
    page[s + i] = state.share * candidate[i];
    page[s + quads + i] = gradient_quad(i) - candidate[quads + i];
  }
}
