// Partial Gram matrices F Fᵀ: each workgroup sums a tile of 64×64 channels over rows_per_split rows of pixels, sixteen pixels a step in shared
// memory, so that up to 64 channels are read once.
// features: `width` columns of a tensor height × blocks × pitch.  partials: splits × (8-channel rows) × (8-channel columns, upper
// triangle filled) × 16 texels: row r of the block, columns 0–3 then 4–7.  x, y: tile's column and row; z: split.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "style/push.h"

layout(local_size_x_id = 0) in;  // 128: sixteen blocks of rows by eight pairs of blocks of columns

TENSOR_IN(0, features)
layout(binding = 1, std430) writeonly buffer Partials { vec4 partials[]; };
layout(push_constant) uniform Push { GramPush p; };

const int kPixels = 16;  // a step
const int kBlocks = 16;  // of four channels, a side of the tile
shared vec4 tiles[2][kPixels][kBlocks];  // of rows and of columns; on the diagonal the first is both

// Where an invocation fetches next, of the pixels of the split.
struct Pixel {
  int x, y;
};

void advance(inout Pixel pixel, int by) {
  pixel.x += by;
  while (pixel.x >= p.width) {
    pixel.x -= p.width;
    pixel.y++;
  }
}

// Two blocks of a tile, eight apart; zero beyond the end.
void fetch(Pixel pixel, int end, int tile, out vec4 fetched[2]) {
  int row = p.origin + min(pixel.y, end - 1) * p.blocks * p.pitch + pixel.x;
  [[unroll]] for (int i = 0; i < 2; i++) {
    int block = tile * kBlocks + int(gl_LocalInvocationIndex) / kPixels + 8 * i;
    vec4 texel = LOAD(features, row + min(block, p.blocks - 1) * p.pitch);
    fetched[i] = pixel.y < end && block < p.blocks ? texel : vec4(0.0);
  }
}

void share(int into, vec4 fetched[2]) {
  int lane = int(gl_LocalInvocationIndex);
  [[unroll]] for (int i = 0; i < 2; i++) tiles[into][lane % kPixels][lane / kPixels + 8 * i] = fetched[i];
}

// Four rows of two blocks of columns, eight apart: neighbours read neighbouring blocks.
void add_products(int columns, int row, int column, inout vec4 total[4][2]) {
  vec4 sum[4][2];  // of one step, so that rounding does not grow with the split
  [[unroll]] for (int i = 0; i < 4; i++) sum[i][0] = sum[i][1] = vec4(0.0);
  [[unroll]] for (int pixel = 0; pixel < kPixels; pixel++) {
    vec4 a = tiles[0][pixel][row];
    [[unroll]] for (int q = 0; q < 2; q++) {
      vec4 b = tiles[columns][pixel][column + 8 * q];
      [[unroll]] for (int i = 0; i < 4; i++) sum[i][q] += a[i] * b;
    }
  }
  [[unroll]] for (int i = 0; i < 4; i++) [[unroll]] for (int q = 0; q < 2; q++) total[i][q] += sum[i][q];
}

void store(vec4 total[4][2], int split, int row_block, int column_block) {
  int eights = (p.blocks + 1) / 2, row8 = row_block / 2;
  [[unroll]] for (int q = 0; q < 2; q++) {
    int column8 = column_block / 2 + 4 * q;
    int at = ((split * eights + row8) * eights + column8) * 16 + row_block % 2 * 8 + column_block % 2;
    if (row8 >= eights || column8 >= eights) continue;
    [[unroll]] for (int i = 0; i < 4; i++) partials[at + i * 2] = total[i][q];
  }
}

void main() {
  int column_tile = int(gl_WorkGroupID.x), row_tile = int(gl_WorkGroupID.y), split = int(gl_WorkGroupID.z);
  if (column_tile < row_tile) return;
  int lane = int(gl_LocalInvocationIndex), row = lane / 8, column = lane % 8;
  int columns = column_tile == row_tile ? 0 : 1;
  Pixel pixel = Pixel(0, p.first_row + split * p.rows_per_split);
  int end = min(pixel.y + p.rows_per_split, p.last_row);
  int steps = ((end - pixel.y) * p.width + kPixels - 1) / kPixels;
  advance(pixel, lane % kPixels);

  vec4 total[4][2], rows[2], others[2];
  [[unroll]] for (int i = 0; i < 4; i++) total[i][0] = total[i][1] = vec4(0.0);
  fetch(pixel, end, row_tile, rows);
  fetch(pixel, end, column_tile, others);
  for (int step = 0; step < steps; step++) {
    barrier();
    share(0, rows);
    if (columns != 0) share(1, others);
    barrier();
    advance(pixel, kPixels);
    fetch(pixel, end, row_tile, rows);  // arrives during the products
    if (columns != 0) fetch(pixel, end, column_tile, others);
    add_products(columns, row, column, total);
  }
  store(total, p.first_split + split, row_tile * kBlocks + row, column_tile * kBlocks + column);
}
