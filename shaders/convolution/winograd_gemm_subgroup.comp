// Winograd's products M[b] = U[b] V[b] for the 36 points b, one subgroup a workgroup, for drivers that run on a CPU.  Layouts as in
// winograd_gemm.comp.  x runs over groups of COLUMNS·LANES tiles, y over kGemmRows output channels, z over points.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_shuffle : require
#include "common/tensor.glsl"
#include "convolution/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kRotated = false;

layout(binding = 0) uniform samplerBuffer v_in;
layout(binding = 1) uniform samplerBuffer u_in;
layout(binding = 2, std430) writeonly buffer M { vec4 m_out[]; };
layout(push_constant) uniform Push { GemmPush p; };

#include "convolution/rotation.glsl"

int b = int(gl_WorkGroupID.z);
int u_base = rotated_point(kRotated, b) * p.weight_blocks * p.weight_rows;
int column = int(gl_WorkGroupID.x) * COLUMNS * LANES + int(gl_SubgroupInvocationID);

vec4 fetch_rows(int row, int k4) { return texelFetch(u_in, u_base + k4 * p.weight_rows + row); }
vec4 fetch_rows_transposed(int row4, int k) { return texelFetch(u_in, u_base + row4 * p.weight_rows + k); }
vec4 fetch_column(int j, int k4) { return texelFetch(v_in, (b * p.contraction + min(k4, p.contraction - 1)) * p.pitch + column + j * LANES); }
void store_rows(int row4, int j, vec4 values) { m_out[(b * (p.rows / 4) + row4) * p.pitch + column + j * LANES] = values; }

#include "common/gemm_subgroup.glsl"

void main() { gemm(p.contraction, int(gl_WorkGroupID.y) * kGemmRows, kRotated); }
