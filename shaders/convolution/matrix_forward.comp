// 3×3 convolution with bias and ReLU by cooperative matrices.  in: height × in_blocks × width, out: height × out_blocks × width (tensors of
// halves), weights: matrix.glsl.  A workgroup makes kRows·kRowGroups channels of 8×16 pixels; x: patches, y: channels, z: rows of patches.
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
layout(constant_id = 1) const bool kMask = true;
layout(constant_id = 2) const bool kReplicate = false;

TENSOR_OUT(2, tensor_out)
layout(binding = 3, std430) readonly buffer Bias { vec4 bias[]; };
layout(binding = 4, std430) writeonly buffer Mask { uvec2 mask_out[]; };

layout(push_constant) uniform Push { MatrixPush p; };

#include "convolution/matrix.glsl"
#include "convolution/matrix_tensor.glsl"
#include "convolution/activate.glsl"

void store_tile(vec4 result[kTile][kTile], int tile_row, int tile_column, int block) {
  store_activated(result, bias[block], p.out_origin, tile_row, tile_column, block, p.out_blocks);
}

void main() {
  convolve();
}
