// Winograd input transform V = Bᵀ d B.  in: tensor height × blocks × width.  V: 36 × blocks × pitch texels.
// One invocation a tile of 4×4 pixels (6×6 read) and block of four channels; x runs over tiles, y over blocks.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "convolution/push.h"
#include "convolution/winograd.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kRotated = false;    // for the data gradient: folds the signs of the rotated kernel's transform

TENSOR_IN(0, tensor_in)
layout(binding = 1, std430) writeonly buffer V { vec4 v[]; };
layout(push_constant) uniform Push { WinogradInputPush p; };

// The transform of the kernel rotated by 180° is a permutation of the kernel's own, times sign[i]·sign[j]: the point a becomes 1/a.
const float kSign[6] = float[6](1.0, -2.0, -2.0, -0.5, -0.5, 1.0);

void main() {
  int tile = int(gl_GlobalInvocationID.x), block = int(gl_GlobalInvocationID.y);
  if (tile >= p.tiles) return;
  int absolute = tile + p.first_tile;
  int row = absolute / p.tile_columns;
  int y0 = row * kTile - 1, x0 = (absolute - row * p.tile_columns) * kTile - 1;

  int column[6];
  bool inside_column[6];
  [[unroll]] for (int j = 0; j < 6; j++) {
    column[j] = clamp(x0 + j, 0, p.width - 1);
    inside_column[j] = column[j] == x0 + j;
  }
  vec4 d[6][6];
  [[unroll]] for (int i = 0; i < 6; i++) {
    int y = clamp(y0 + i, 0, p.height - 1);
    bool inside_row = y == y0 + i;
    int base = p.origin + (y * p.blocks + block) * p.width;
    [[unroll]] for (int j = 0; j < 6; j++) {
      vec4 texel = LOAD(tensor_in, base + column[j]);
      d[i][j] = inside_row && inside_column[j] ? texel : vec4(0.0);
    }
    input_transform(d[i]);
  }
  [[unroll]] for (int j = 0; j < 6; j++) {
    vec4 q[6];
    [[unroll]] for (int i = 0; i < 6; i++) q[i] = d[i][j];
    input_transform(q);
    [[unroll]] for (int i = 0; i < 6; i++) {
      float factor = kRotated ? kSign[i] * kSign[j] : 1.0;
      v[((i * 6 + j) * p.blocks + block) * p.pitch + tile] = factor * q[i];
    }
  }
}
