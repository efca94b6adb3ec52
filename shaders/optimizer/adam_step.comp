// One step of Adam (Kingma & Ba, 2015, algorithm 1) on a piece of the variable; an entry whose step is not finite stays:
//   m ← β₁m + (1−β₁)g;  v ← β₂v + (1−β₂)g²;  z ← z − step_size·m / (root_factor·√v + ε), then clamped to [0, upper]
// Or the last one back, from the moments that it left.
//   variable, gradient: `elements` floats;  moments: `elements` pairs (m, v), which count as zero before the first step
#version 450
#extension GL_GOOGLE_include_directive : require
#include "optimizer/double_float.glsl"
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kClamp = false;
layout(push_constant) uniform Constants {
  AdamStep push;
};
layout(binding = 0, std430) buffer Variable {
  float variable[];
};
layout(binding = 1, std430) readonly buffer Gradient {
  float gradient[];
};
layout(binding = 2, std430) buffer Moments {
  vec2 moments[];
};
layout(binding = 3, std430) readonly buffer Control {
  AdamState state;
};

void main() {
  const bool back = state.undoing != 0u;
  if (state.stepping == 0u && !back) return;
  for (uint i = gl_GlobalInvocationID.x; i < uint(push.elements);
       i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
    vec2 moment = vec2(0.0);
    if (back || state.status.steps > 1u) moment = moments[i];
    if (!back) {
      const float g = gradient[i];
      moment = vec2(push.beta1 * moment.x + push.rest1 * g, push.beta2 * moment.y + push.rest2 * g * g);
      moments[i] = moment;
    }
    const float divisor = state.root_factor * sqrt(moment.y) + push.epsilon;
    const float size = back ? -state.step_size : state.step_size;
    const float z = variable[i] - (divisor > 0.0 ? size * moment.x / divisor : 0.0);
    if (finite(z)) variable[i] = kClamp ? clamp(z, 0.0, push.upper) : z;
  }
}
