// Winograd input transform of the gradient of a map that was pooled, 2×2 with stride 2, and is not stored: V = Bᵀ (mask ⊙ spread(d)) B, where a
// window's gradient d goes to its largest pixel, or is shared by the pixels it has.  pooled_gradient: tensor pooled_height × blocks × pooled_width;
// masks, choices: of the map, of height × width pixels.  V: 36 × v_rows × pitch texels (rows.glsl).  Invocations: winograd_input.glsl.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#ifndef TEXEL
#define CHANNEL_PAIRS  // as in winograd_input.comp
#endif
#include "common/mask.glsl"
#include "common/tensor.glsl"
#include "convolution/push.h"
#include "convolution/rows.glsl"
#include "convolution/winograd.glsl"
#include "pooling/window.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kMax = false;  // of what the pooling is, else the mean
layout(constant_id = 2) const int kMargin = 0;    // pixels that what is tiled has on each side around the map
const bool kRotated = true;

TENSOR_IN(0, pooled_gradient)
ROWS_OUT(1, v)
layout(binding = 2, std430) readonly buffer Masks {
  uvec2 masks[];
};
layout(binding = 3, std430) readonly buffer Choices {
  uint choices[];
};
layout(push_constant) uniform Push { WinogradPooledInputPush p; };

// The tile with those around it, and the windows that its 6×6 pixels lie in.
uvec2 mask[3][3];
uint choice[3][3];
CHANNELS gradient[4][4];

// What each pixel of the window gets that gets anything; zero where no window is.
CHANNELS share_of(ivec2 window, int block, int pair) {
  ivec2 at = clamp(window, ivec2(0), ivec2(p.pooled_width, p.pooled_height) - 1);
  int texel = p.pooled_origin + (at.y * p.blocks + block) * p.pooled_width + at.x;
  CHANNELS value = LOAD(pooled_gradient, texel * kPairs + pair);
  ivec2 there = clamp(ivec2(p.width, p.height) - window * 2, 1, 2);  // columns and rows of the window that exist
  return at == window ? (kMax ? value : value / float(there.x * there.y)) : CHANNELS(0.0);
}

void prepare(ivec2 corner, int block, int pair) {
  ivec2 first = corner / kTile - 1;
  [[unroll]] for (int y = 0; y < 3; y++) {
    [[unroll]] for (int x = 0; x < 3; x++) {
      ivec2 tile = first + ivec2(x, y), at = clamp(tile, ivec2(0), ivec2(p.map_columns, p.map_rows) - 1);
      int index = (at.y * p.blocks + block) * p.map_columns + at.x;
      mask[y][x] = at == tile ? masks[p.mask_origin + index] >> uint(pair * 2) : uvec2(0u);
      if (kMax) choice[y][x] = choices[p.choice_origin + index] >> uint(pair * 4);
    }
  }
  [[unroll]] for (int y = 0; y < 4; y++)
    [[unroll]] for (int x = 0; x < 4; x++) gradient[y][x] = share_of(first * 2 + 1 + ivec2(x, y), block, pair);
}

void read_row(int i, out CHANNELS row[6]) {
  int y = i + 3 - kMargin;  // in pixels from the first of the tiles
  [[unroll]] for (int j = 0; j < 6; j++) {
    int x = j + 3 - kMargin;
    CHANNELS value = gradient[y / 2 - 1][x / 2 - 1];
    if (kMax) value = where_chosen(value, choice[y / 4][x / 4], y % 4 / 2 * 2 + x % 4 / 2, y % 2 * 2 + x % 2);
    row[j] = masked(value, mask[y / 4][x / 4], y % 4, x % 4);
  }
}

#include "convolution/winograd_input.glsl"
