// Partial Gram matrices F Fᵀ: each workgroup sums an 8×8 block of channels over rows_per_split rows of pixels.
// features: `width` columns of a tensor height × blocks × pitch.  partials: splits × (8-channel rows) × (8-channel columns, upper
// triangle filled) × 16 texels: row r of the block, columns 0–3 then 4–7.  x, y: block column and row; z: split.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "style/push.h"

layout(local_size_x_id = 0) in;

TENSOR_IN(0, features)
layout(binding = 1, std430) writeonly buffer Partials { vec4 partials[]; };
layout(push_constant) uniform Push { GramPush p; };

shared vec4 lane_sums[gl_WorkGroupSize.x];

vec4 load(int pixel_base, int block) {
  vec4 texel = LOAD(features, pixel_base + min(block, p.blocks - 1) * p.pitch);
  return block < p.blocks ? texel : vec4(0.0);
}

void main() {
  int column8 = int(gl_WorkGroupID.x), row8 = int(gl_WorkGroupID.y), split = int(gl_WorkGroupID.z);
  if (column8 < row8) return;
  int lane = int(gl_LocalInvocationID.x), lanes = int(gl_WorkGroupSize.x);

  vec4 sum[8][2];
  [[unroll]] for (int i = 0; i < 8; i++) sum[i][0] = sum[i][1] = vec4(0.0);
  int y0 = p.first_row + split * p.rows_per_split, y1 = min(y0 + p.rows_per_split, p.last_row);
  int rows = lanes / p.width, rest = lanes - rows * p.width;
  int y = y0 + lane / p.width, x = lane - lane / p.width * p.width;
  while (y < y1) {
    int base = p.origin + y * p.blocks * p.pitch + x;
    vec4 a[2], b[2];
    [[unroll]] for (int q = 0; q < 2; q++) {
      a[q] = load(base, row8 * 2 + q);
      b[q] = load(base, column8 * 2 + q);
    }
    [[unroll]] for (int i = 0; i < 8; i++) [[unroll]] for (int q = 0; q < 2; q++) sum[i][q] += a[i / 4][i % 4] * b[q];
    y += rows;
    x += rest;
    if (x >= p.width) {
      x -= p.width;
      y++;
    }
  }

  int eights = (p.blocks + 1) / 2;
  int at = (((p.first_split + split) * eights + row8) * eights + column8) * 16;
  [[unroll]] for (int i = 0; i < 8; i++) {
    [[unroll]] for (int q = 0; q < 2; q++) {
      lane_sums[lane] = sum[i][q];
      barrier();
      for (int half_lanes = lanes / 2; half_lanes > 0; half_lanes /= 2) {
        if (lane < half_lanes) lane_sums[lane] += lane_sums[lane + half_lanes];
        barrier();
      }
      if (lane == 0) partials[at + i * 2 + q] = lane_sums[0];
      barrier();
    }
  }
}
