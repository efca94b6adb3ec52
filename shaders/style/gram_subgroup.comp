// Partial Gram matrices F Fᵀ as gram.comp writes them, one subgroup a workgroup, for drivers that run on a CPU.
// features: `width` columns of a tensor height × blocks × pitch.  A lane owns four columns of sixteen rows and sums every pixel of the split itself, so
// nothing is left to reduce; the rows' features are fetched once for several pixels and handed round by shuffles.
// x: groups of 4·LANES columns, y: groups of sixteen rows, z: splits.
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_shuffle : require
#include "common/tensor.glsl"
#include "style/push.h"

layout(local_size_x_id = 0) in;

TENSOR_IN(0, features)
layout(binding = 1, std430) writeonly buffer Partials { vec4 partials[]; };
layout(push_constant) uniform Push { GramPush p; };

const int kRows = 16;
const int kPixels = 8;                      // a step
const int kRowBlocks = kRows / 4;
const int kFetches = kPixels * kRowBlocks / LANES;  // a lane fetches one block of rows of one pixel: block-major

void main() {
  int lane = int(gl_SubgroupInvocationID);
  int column_block = int(gl_WorkGroupID.x) * LANES + lane, first_row = int(gl_WorkGroupID.y) * kRows;
  if ((int(gl_WorkGroupID.x) + 1) * LANES * 4 <= first_row) return;  // below the diagonal
  int split = int(gl_WorkGroupID.z);
  int column_offset = p.origin + min(column_block, p.blocks - 1) * p.pitch;

  vec4 total[kRows];
  [[unroll]] for (int i = 0; i < kRows; i++) total[i] = vec4(0.0);
  int y0 = p.first_row + split * p.rows_per_split, y1 = min(y0 + p.rows_per_split, p.last_row);
  for (int y = y0; y < y1; y++) {
    int base = y * p.blocks * p.pitch;
    vec4 sum[kRows];  // of one row of pixels, so that rounding does not grow with the split
    [[unroll]] for (int i = 0; i < kRows; i++) sum[i] = vec4(0.0);
    for (int x = 0; x < p.width; x += kPixels) {
      vec4 rows[kFetches];
      [[unroll]] for (int f = 0; f < kFetches; f++) {
        int pixel = x + (f * LANES + lane) % kPixels, row_block = first_row / 4 + (f * LANES + lane) / kPixels;
        vec4 texel = LOAD(features, p.origin + base + min(row_block, p.blocks - 1) * p.pitch + min(pixel, p.width - 1));
        rows[f] = pixel < p.width && row_block < p.blocks ? texel : vec4(0.0);
      }
      vec4 columns[kPixels];
      [[unroll]] for (int u = 0; u < kPixels; u++) columns[u] = LOAD(features, column_offset + base + min(x + u, p.width - 1));
      [[unroll]] for (int i = 0; i < kRows; i++) {
        [[unroll]] for (int u = 0; u < kPixels; u++) {
          int at = i / 4 * kPixels + u;
          sum[i] += subgroupShuffle(rows[at / LANES][i % 4], uint(at % LANES)) * columns[u];
        }
      }
    }
    [[unroll]] for (int i = 0; i < kRows; i++) total[i] += sum[i];
  }

  int eights = (p.blocks + 1) / 2;
  if (column_block >= eights * 2) return;
  bool exists = column_block < p.blocks;
  [[unroll]] for (int i = 0; i < kRows; i++) {
    int row = first_row + i;
    int at = (((p.first_split + split) * eights + row / 8) * eights + column_block / 2) * 16 + row % 8 * 2 + column_block % 2;
    if (row < eights * 8) partials[at] = exists ? total[i] : vec4(0.0);
  }
}
