// Winograd input transform V = Bᵀ d B.  in: tensor height × blocks × width.  V: 36 × v_rows × pitch texels (rows.glsl).
// Invocations: winograd_input.glsl.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#ifndef TEXEL
#define CHANNEL_PAIRS  // 6×6 texels are more registers than GPUs have, or have at a good price
#endif
#include "common/tensor.glsl"
#include "convolution/push.h"
#include "convolution/rows.glsl"
#include "convolution/winograd.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kRotated = false;    // for the data gradient: folds the signs of the rotated kernel's transform
layout(constant_id = 2) const bool kReplicate = false;  // what lies beyond the edge is the edge, else zero
layout(constant_id = 3) const int kMargin = 0;          // pixels that what is tiled has on each side around the picture

TENSOR_IN(0, tensor_in)
ROWS_OUT(1, v)
layout(push_constant) uniform Push { WinogradInputPush p; };

ivec2 first_pixel;
int first_block, first_pair, column[6];
uint inside_column[6];

// No && and ||, here and below: they branch, and a driver that folds no constants would keep a branch a texel.
void prepare(ivec2 corner, int block, int pair) {
  first_pixel = corner - 1 - kMargin;
  first_block = block;
  first_pair = pair;
  [[unroll]] for (int j = 0; j < 6; j++) {
    column[j] = clamp(first_pixel.x + j, 0, p.width - 1);
    inside_column[j] = uint(column[j] == first_pixel.x + j) | uint(kReplicate);
  }
}

void read_row(int i, out CHANNELS row[6]) {
  int y = clamp(first_pixel.y + i, 0, p.height - 1);
  uint inside_row = uint(y == first_pixel.y + i) | uint(kReplicate);
  int base = p.origin + (y * p.blocks + first_block) * p.width;
  [[unroll]] for (int j = 0; j < 6; j++) {
    CHANNELS texel = LOAD(tensor_in, (base + column[j]) * kPairs + first_pair);
    row[j] = (inside_row & inside_column[j]) != 0u ? texel : CHANNELS(0.0);
  }
}

#include "convolution/winograd_input.glsl"
