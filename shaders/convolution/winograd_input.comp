// Winograd input transform V = Bᵀ d B.  in: tensor height × blocks × width.  V: 36 × v_rows × pitch texels (rows.glsl).
// One invocation a tile of 4×4 pixels (6×6 read) and block of four channels, or with WIDE two of them; x runs over tiles, y over blocks.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "convolution/push.h"
#include "convolution/rows.glsl"
#include "convolution/winograd.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kRotated = false;    // for the data gradient: folds the signs of the rotated kernel's transform
layout(constant_id = 2) const bool kReplicate = false;  // what lies beyond the edge is the edge, else zero

TENSOR_IN(0, tensor_in)
ROWS_OUT(1, v)
layout(push_constant) uniform Push { WinogradInputPush p; };

// The transform of the kernel rotated by 180° is a permutation of the kernel's own, times sign[i]·sign[j]: the point a becomes 1/a.
const float kSign[6] = float[6](1.0, -2.0, -2.0, -0.5, -0.5, 1.0);

// The 36 points of a tile and block. No && and ||: they branch, and a driver that folds no constants would keep a branch a texel.
void transform(ivec2 corner, int block, out vec4 points[6][6]) {
  int column[6];
  uint inside_column[6];
  [[unroll]] for (int j = 0; j < 6; j++) {
    column[j] = clamp(corner.x + j, 0, p.width - 1);
    inside_column[j] = uint(column[j] == corner.x + j) | uint(kReplicate);
  }
  vec4 d[6][6];
  [[unroll]] for (int i = 0; i < 6; i++) {
    int y = clamp(corner.y + i, 0, p.height - 1);
    uint inside_row = uint(y == corner.y + i) | uint(kReplicate);
    int base = p.origin + (y * p.blocks + block) * p.width;
    [[unroll]] for (int j = 0; j < 6; j++) {
      vec4 texel = LOAD(tensor_in, base + column[j]);
      d[i][j] = (inside_row & inside_column[j]) != 0u ? texel : vec4(0.0);
    }
    input_transform(d[i]);
  }
  [[unroll]] for (int j = 0; j < 6; j++) {
    vec4 q[6];
    [[unroll]] for (int i = 0; i < 6; i++) q[i] = d[i][j];
    input_transform(q);
    [[unroll]] for (int i = 0; i < 6; i++) points[i][j] = (kRotated ? kSign[i] * kSign[j] : 1.0) * q[i];
  }
}

void main() {
  int tile = int(gl_GlobalInvocationID.x), y = int(gl_GlobalInvocationID.y);
  if (tile >= p.tiles) return;
  int absolute = tile + p.first_tile;
  int row = absolute / p.tile_columns;
  ivec2 corner = ivec2(absolute - row * p.tile_columns, row) * kTile - 1 - p.margin;
#ifdef WIDE
  vec4 first[6][6], second[6][6];
  transform(corner, y * 2, first);
  transform(corner, min(y * 2 + 1, p.blocks - 1), second);
  [[unroll]] for (int i = 0; i < 6; i++)
    [[unroll]] for (int j = 0; j < 6; j++)
      v[((i * 6 + j) * (p.v_rows / 2) + y) * p.pitch + tile] = row_pair(first[i][j], second[i][j]);
#else
  vec4 points[6][6];
  transform(corner, y, points);
  [[unroll]] for (int i = 0; i < 6; i++)
    [[unroll]] for (int j = 0; j < 6; j++) v[((i * 6 + j) * p.v_rows + y) * p.pitch + tile] = points[i][j];
#endif
}
