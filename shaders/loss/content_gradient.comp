// Gradient of weight · Σ (F − P)² before the ReLU that made F: 2 · gradient_weight · (F − P) where F > 0.
// features, wanted, gradient: the same texels of three tensors.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "loss/push.h"
#include "loss/term.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kAccumulate = false;

TENSOR_IN(0, features)
TENSOR_IN(1, wanted)
TERM(2, readonly)
TENSOR_INOUT(3, gradient)
layout(push_constant) uniform Push {
  ContentPush p;
};

void main() {
  int first = int(gl_WorkGroupID.x) * kGradientTexels + int(gl_LocalInvocationID.x);
  float factor = 2.0 * term.gradient_weight;
  [[unroll]] for (int j = 0; j < kGradientTexels / kLossGroup; j++) {
    int i = first + j * kLossGroup;
    int inside = min(i, p.texels - 1);
    vec4 feature = LOAD(features, inside);
    vec4 slope = factor * (feature - LOAD(wanted, inside));
    slope = mix(vec4(0.0), slope, greaterThan(feature, vec4(0.0)));
    if (i >= p.texels) continue;
    if (kAccumulate) slope += FORMER(gradient, i);
    STORE(gradient, i, slope);
  }
}
