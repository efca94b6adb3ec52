// matrix_backward.comp at the gradient of a map that was pooled, 2×2 with stride 2, and is not stored: a window's gradient goes to its largest
// pixel, or is shared by the pixels it has.  in: pooled_height × in_blocks × pooled_width; masks, choices: of the map.
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
layout(constant_id = 8) const bool kMax = false;         // of what the pooling is, else the mean
const bool kReplicate = false;

TENSOR_INOUT(2, tensor_out)
layout(binding = 3, std430) readonly buffer Mask { uvec2 mask_in[]; };
layout(binding = 4, std430) readonly buffer Masks { uvec2 masks[]; };
layout(binding = 5, std430) readonly buffer Choices { uint choices[]; };
layout(push_constant) uniform Push {
  MatrixPush p;
  MatrixPooledPush map;
};

#include "convolution/matrix.glsl"
#include "convolution/matrix_gradient.glsl"
#include "pooling/window.glsl"

uvec2 channels_at(ivec2 at, ivec2 size, int block) {
  ivec2 window = at / 2, inner = at % kTile;
  if (window.x >= map.pooled_width || window.y >= map.pooled_height) return uvec2(0u);
  uvec2 halves = tensor_in[p.in_origin + (window.y * p.in_blocks + block) * map.pooled_width + window.x];
  vec4 value = vec4(unpackHalf2x16(halves.x), unpackHalf2x16(halves.y));
  int index = (at.y / kTile * p.in_blocks + block) * map.tile_columns + at.x / kTile;
  if (kMax) {
    uvec4 chosen = chosen_of(choices[map.choice_origin + index], inner.y / 2 * 2 + inner.x / 2);
    value = mix(vec4(0.0), value, equal(chosen, uvec4(at.y % 2 * 2 + at.x % 2)));
  } else {
    ivec2 there = min(size - window * 2, 2);  // columns and rows of the window that exist
    value /= float(there.x * there.y);
  }
  value = masked(value, masks[map.mask_origin + index], inner.y, inner.x);
  return uvec2(packHalf2x16(value.xy), packHalf2x16(value.zw));
}

void main() {
  convolve();
}
