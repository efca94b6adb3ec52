// Decides whether Adam steps or, when the gradient is not finite, takes its last step back and will make them half as long; counts the step and corrects for the bias of its moments (Kingma & Ba, Adam, 2015, algorithm 1).
// One workgroup. β₁ᵗ and β₂ᵗ are running products in two floats: after 30,000 steps they are still right to 1e-9.
//   state, flags: of adam_check;  learning_rate: one float, written by the host
#version 450
#extension GL_GOOGLE_include_directive : require
#include "optimizer/double_float.glsl"
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kEpsilonHat = false;  // ε beside √v instead of √v̂
layout(push_constant) uniform Constants {
  AdamAdvance push;
};
layout(binding = 0, std430) buffer Control {
  AdamState state;
  uint flags[];
};
layout(binding = 1, std430) readonly buffer Parameters {
  float learning_rate;
};

shared uint found[gl_WorkGroupSize.x];

void step_forward() {
  const vec2 power1 =
      df_mul(vec2(state.power1_high, state.power1_low), vec2(push.beta1_high, push.beta1_low));
  const vec2 power2 =
      df_mul(vec2(state.power2_high, state.power2_low), vec2(push.beta2_high, push.beta2_low));
  state.power1_high = power1.x;
  state.power1_low = power1.y;
  state.power2_high = power2.x;
  state.power2_low = power2.y;
  const float correction1 = df_add(vec2(1.0, 0.0), -power1).x;
  const float root = sqrt(df_add(vec2(1.0, 0.0), -power2).x);
  state.step_size = state.scale * learning_rate * (kEpsilonHat ? root : 1.0) / correction1;
  state.root_factor = kEpsilonHat ? 1.0 : 1.0 / root;
  state.status.steps += 1u;
  state.status.failing = 0u;
}

void step_back() {
  state.undoing = state.status.steps > 0u && state.status.verdict == kStepTaken ? 1u : 0u;
  state.scale *= 0.5;
  state.status.skipped += 1u;
  state.status.failing += 1u;
}

void main() {
  const uint lane = gl_LocalInvocationIndex;
  uint bad = 0u;
  for (uint i = lane; i < uint(push.flags); i += gl_WorkGroupSize.x) bad |= flags[i];
  found[lane] = bad;
  barrier();
  if (lane != 0u) return;
  for (uint other = 1; other < gl_WorkGroupSize.x; ++other) bad |= found[other];
  state.stepping = bad == 0u ? 1u : 0u;
  state.undoing = 0u;
  if (bad == 0u)
    step_forward();
  else
    step_back();
  state.status.verdict = bad == 0u ? kStepTaken : kGradientNotFinite;
}
