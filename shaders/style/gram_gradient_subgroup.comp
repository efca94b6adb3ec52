// Gradient of a style term, as gram_gradient.comp, one subgroup a workgroup, for drivers that run on a CPU.
// x runs over groups of COLUMNS·LANES pixels, y over kGemmRows channels.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_shuffle : require
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

int column = p.first_column + int(gl_WorkGroupID.x) * COLUMNS * LANES + int(gl_SubgroupInvocationID);
int texels[COLUMNS];

vec4 fetch_rows(int row, int k4) {
  return LOAD(d_in, k4 * p.padded + row);
}
vec4 fetch_rows_transposed(int row4, int k) {
  return LOAD(d_in, row4 * p.padded + k);
}
vec4 fetch_column(int j, int k4) {
  return LOAD(features, p.feature_origin + texels[j] + min(k4, p.blocks - 1) * p.pitch);
}
void store_rows(int row8, int j, vec4 first, vec4 second) {
  if (column + j * LANES >= p.pixels) return;
  if (row8 * 2 < p.blocks) store_masked(texels[j] + row8 * 2 * p.pitch, first);
  if (row8 * 2 + 1 < p.blocks) store_masked(texels[j] + (row8 * 2 + 1) * p.pitch, second);
}

const int kFetches = 1;

#include "common/gemm_subgroup.glsl"

void main() {
  [[unroll]] for (int j = 0; j < COLUMNS; j++) texels[j] = texel_of(column + j * LANES);
  gemm(p.blocks, int(gl_WorkGroupID.y) * kGemmRows, false);
}
