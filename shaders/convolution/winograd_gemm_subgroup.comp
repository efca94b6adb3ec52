// Winograd's products M[b] = U[b] V[b] for the 36 points b, one subgroup a workgroup, for drivers that run on a CPU.  Layouts as in
// winograd_gemm.comp.  x runs over groups of COLUMNS·LANES tiles, y over kGemmRows output channels, z over points.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_shuffle : require
#include "common/tensor.glsl"
#include "convolution/push.h"
#include "convolution/rows.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kRotated = false;

layout(binding = 0) uniform samplerBuffer v_in;
layout(binding = 1) uniform samplerBuffer u_in;
ROWS_OUT(2, m_out)
layout(push_constant) uniform Push { GemmPush p; };

#include "convolution/weights.glsl"

int b = int(gl_WorkGroupID.z);
int first_u = first_weight(kRotated, b);
int column = p.first_column + int(gl_WorkGroupID.x) * COLUMNS * LANES + int(gl_SubgroupInvocationID);

vec4 fetch_rows(int row, int k4) { return texelFetch(u_in, weight_texel(first_u, row, k4)); }
vec4 fetch_rows_transposed(int row4, int k) { return texelFetch(u_in, weight_texel(first_u, k, row4)); }
vec4 fetch_column(int j, int k4) {
  return texelFetch(v_in, texel_of_row(b * p.v_rows + min(k4, p.contraction - 1), column + j * LANES, p.pitch));
}
void store_rows(int row8, int j, vec4 first, vec4 second) {
  int row = b * (p.rows / 8) + row8;
#ifdef WIDE
  m_out[row * p.pitch + column + j * LANES] = row_pair(first, second);
#else
  m_out[row * 2 * p.pitch + column + j * LANES] = first;
  m_out[(row * 2 + 1) * p.pitch + column + j * LANES] = second;
#endif
}

// Two make steps of sixteen k, so that the sums are loaded, blended and stored half as often; narrow products are not worth the time that
// their code takes to compile.
const int kFetches = COLUMNS == 8 ? 2 : 1;

#include "common/gemm_subgroup.glsl"

void main() { gemm(p.contraction, int(gl_WorkGroupID.y) * kGemmRows, kRotated); }
