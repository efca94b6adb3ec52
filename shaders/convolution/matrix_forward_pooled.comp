// 3×3 convolution with bias, ReLU and the pooling behind it, 2×2 with stride 2, by cooperative matrices; the map is not stored.
// in: height × in_blocks × width, pooled: pooled_height × out_blocks × pooled_width (tensors of halves), masks, choices: of the map, weights:
// matrix.glsl.  A workgroup makes kRows·kRowGroups channels of 8×16 pixels; x: patches, y: channels, z: rows of patches.
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
layout(constant_id = 1) const bool kKeep = true;  // write the mask, and the choices
layout(constant_id = 2) const bool kReplicate = false;
layout(constant_id = 8) const bool kMax = false;  // a window's largest pixel, else its mean

TENSOR_OUT(2, pooled)
layout(binding = 3, std430) readonly buffer Bias { vec4 bias[]; };
layout(binding = 4, std430) writeonly buffer Masks { uvec2 masks[]; };
layout(binding = 5, std430) writeonly buffer Choices { uint choices[]; };
layout(push_constant) uniform Push {
  MatrixPush p;
  MatrixPooledPush map;
};

#include "convolution/matrix.glsl"
#include "convolution/matrix_tensor.glsl"
#include "convolution/pool_tile.glsl"

void store_tile(vec4 result[kTile][kTile], int tile_row, int tile_column, int block) {
  store_pooled(result, bias[block], PooledTile(ivec2(tile_column, tile_row), block, ivec2(p.width, p.height),
                                               ivec2(map.pooled_width, map.pooled_height), p.out_blocks, p.tile_columns,
                                               p.out_origin, p.mask_origin, map.choice_origin));
}

void main() {
  convolve();
}
