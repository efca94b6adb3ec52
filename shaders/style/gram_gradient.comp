// Gradient of a style term: out (+)= D F where F > 0.  features, out: blocks of tensors height × blocks × pitch; D: padded/4 × padded texels
// (symmetric).  A workgroup makes 64 channels of 64 pixels.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "style/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kAccumulate = false;

TENSOR_IN(0, features)
TENSOR_IN(1, d_in)
TENSOR_INOUT(2, tensor_out)
layout(push_constant) uniform Push {
  GramGradientPush p;
};

#include "style/gram_gradient.glsl"

mat4 load_rows(int row4, int k4) {
  mat4 rows = mat4(0.0);
  if (row4 >= p.blocks || k4 >= p.blocks) return rows;
  [[unroll]] for (int i = 0; i < 4; i++) rows[i] = LOAD(d_in, k4 * p.padded + row4 * 4 + i);
  return rows;
}
vec4 load_column(int column, int k4) {
  return LOAD(features, p.feature_origin + texel_of(column) + min(k4, p.blocks - 1) * p.pitch);
}
void store_rows(int row4, int column, vec4 values) {
  if (row4 < p.blocks && column < p.pixels) store_masked(texel_of(column) + row4 * p.pitch, values);
}

#include "common/gemm_shared.glsl"

void main() {
  gemm(p.blocks, int(gl_WorkGroupID.y), int(gl_WorkGroupID.x));
}
