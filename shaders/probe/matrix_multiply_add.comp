// Products of cooperative matrices in registers and nothing else: what no product of halves on this device can exceed.
// out: kMatrixRows × kMatrixColumns floats a subgroup, the sum over i of s[i], where s[i] = i at first and s[i] += A·B with all of A factor
// and all of B addend, kProbeUnroll times a step.
#version 450
#pragma use_vulkan_memory_model
#extension GL_EXT_control_flow_attributes : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require
#include "probe/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint kMatrixRows = 16u;
layout(constant_id = 2) const uint kMatrixColumns = 16u;
layout(constant_id = 3) const uint kMatrixDepth = 16u;

layout(binding = 0, std430) writeonly buffer Out { float sums_out[]; };
layout(push_constant) uniform Push { ProbePush p; };

#define SUMS coopmat<float, gl_ScopeSubgroup, kMatrixRows, kMatrixColumns, gl_MatrixUseAccumulator>

void main() {
  coopmat<float16_t, gl_ScopeSubgroup, kMatrixRows, kMatrixDepth, gl_MatrixUseA> a =
      coopmat<float16_t, gl_ScopeSubgroup, kMatrixRows, kMatrixDepth, gl_MatrixUseA>(float16_t(p.factor));
  coopmat<float16_t, gl_ScopeSubgroup, kMatrixDepth, kMatrixColumns, gl_MatrixUseB> b =
      coopmat<float16_t, gl_ScopeSubgroup, kMatrixDepth, kMatrixColumns, gl_MatrixUseB>(float16_t(p.addend));
  SUMS sum[kProbeMatrices];
  [[unroll]] for (int i = 0; i < kProbeMatrices; i++) sum[i] = SUMS(float(i));
  for (int step = 0; step < p.steps; step++) {
    [[unroll]] for (int u = 0; u < kProbeUnroll; u++) {
      [[unroll]] for (int i = 0; i < kProbeMatrices; i++) sum[i] = coopMatMulAdd(a, b, sum[i]);
    }
  }
  SUMS total = sum[0];
  [[unroll]] for (int i = 1; i < kProbeMatrices; i++) total += sum[i];
  uint subgroup = gl_WorkGroupID.x * gl_NumSubgroups + gl_SubgroupID;
  coopMatStore(total, sums_out, subgroup * kMatrixRows * kMatrixColumns, kMatrixColumns, gl_CooperativeMatrixLayoutRowMajor);
}
