// Moves: z ← z + move·s where that is finite, then clamped to [0, upper]; and remembers the gradient of a new direction for the next pair.
// What is taken back is a move by less than nothing.
//   variable, gradient: `elements` floats;  candidate: s, previous gradient (written), `quads` texels each
// The clamp does not change s: the pair says what the step was meant to be, as when a program clamps between torch's steps.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "optimizer/double_float.glsl"
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kClamp = false;
layout(push_constant) uniform Constants {
  LbfgsUpdate push;
};
layout(binding = 0, std430) buffer Variable {
  float variable[];
};
#define GRADIENT 1
#include "optimizer/vectors.glsl"
layout(binding = 2, std430) buffer Candidate {
  vec4 candidate[];
};
layout(binding = 3, std430) readonly buffer Control {
  LbfgsState state;
};

void main() {
  if (state.move == 0.0) return;
  const bool anew = state.stepping != 0u;
  const uint quads = uint(push.quads);
  const uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint i = gl_GlobalInvocationID.x; i < quads; i += stride) {
    const vec4 step = state.move * candidate[i];
    if (anew) candidate[quads + i] = gradient_quad(i);
    const uint last = min(uint(push.elements) - 4u * i, 4u);
    for (uint k = 0u; k < last; ++k) {
      const float z = variable[4u * i + k] + step[k];
      if (finite(z)) variable[4u * i + k] = kClamp ? clamp(z, 0.0, push.upper) : z;
    }
  }
}
