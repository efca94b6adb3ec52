// Winograd's products M[b] = U[b] V[b] for the 36 points b, in shared memory.  U: weights.glsl, V: 36 × v_rows × pitch
// texels, M: 36 × rows/4 × pitch.  A workgroup makes kTileRows × 64 of one b.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "convolution/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kRotated = false;  // U of the rotated kernel, transposed: for the data gradient

TENSOR_IN(0, v_in)
TENSOR_IN(1, u_in)
layout(binding = 2, std430) writeonly buffer M { vec4 m_out[]; };
layout(push_constant) uniform Push { GemmPush p; };

#include "convolution/weights.glsl"

mat4 load_rows(int row4, int k4) {
  mat4 rows = mat4(0.0);
  if (row4 * 4 >= p.rows || k4 >= p.contraction) return rows;
  int first = first_weight(kRotated, int(gl_WorkGroupID.z));
  if (kRotated) {
    [[unroll]] for (int i = 0; i < 4; i++) rows[i] = LOAD(u_in, weight_texel(first, k4 * 4 + i, row4));
    return transpose(rows);
  }
  [[unroll]] for (int i = 0; i < 4; i++) rows[i] = LOAD(u_in, weight_texel(first, row4 * 4 + i, k4));
  return rows;
}

vec4 load_column(int column, int k4) {
  int b = int(gl_WorkGroupID.z);
  return column < p.columns ? LOAD(v_in, (b * p.v_rows + min(k4, p.contraction - 1)) * p.pitch + column) : vec4(0.0);
}

void store_rows(int row4, int column, vec4 values) {
  if (row4 * 4 < p.rows && column < p.columns) m_out[(int(gl_WorkGroupID.z) * (p.rows / 4) + row4) * p.pitch + column] = values;
}

#include "common/gemm_shared.glsl"

void main() { gemm(p.contraction, int(gl_WorkGroupID.y), int(gl_WorkGroupID.x)); }
