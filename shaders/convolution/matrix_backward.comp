// 3×3 data gradient by cooperative matrices: a convolution of the output's gradient with the rotated kernel, out (+)= mask ⊙ that.
// in: height × in_blocks × width, out: height × out_blocks × width (tensors of halves), weights: matrix.glsl, rotated already; mask: of the
// activation whose gradient this is.  A workgroup makes kRows·kRowGroups channels of 8×16 pixels; x: patches, y: channels, z: rows of patches.
#version 450
#pragma use_vulkan_memory_model
#extension GL_EXT_control_flow_attributes : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require
#include "common/tensor.glsl"
#include "convolution/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kMask = true;         // apply the mask
layout(constant_id = 2) const bool kAccumulate = false;  // add to what is there, which is masked already
const bool kReplicate = false;

TENSOR_INOUT(2, tensor_out)
layout(binding = 3, std430) readonly buffer Mask { uvec2 mask_in[]; };

layout(push_constant) uniform Push { MatrixPush p; };

#include "convolution/matrix.glsl"
#include "convolution/matrix_tensor.glsl"
#include "convolution/matrix_gradient.glsl"

void main() {
  convolve();
}
