// Sums the partial Gram matrices in a fixed order (Kahan), scales, mirrors the upper triangle, and adds what the tiles before summed.
// partials: as gram.comp writes them.  gram: blocks × 4·blocks texels, G[j][4b…4b+3] at (b, j).  x: row j of G, y: block b.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "style/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kAccumulate = false;

layout(binding = 0, std430) readonly buffer Partials {
  float partials[];
};
layout(binding = 1, std430) buffer Gram {
  vec4 gram[];
};
layout(push_constant) uniform Push {
  GramReducePush p;
};

float entry(int i, int j) {
  int row = min(i, j), column = max(i, j);
  int eights = (p.blocks + 1) / 2;
  int at = ((row / 8) * eights + column / 8) * 64 + (row % 8) * 8 + column % 8;
  precise float sum = 0.0, carry = 0.0;
  for (int split = 0; split < p.splits; split++) {
    precise float term = partials[at + split * eights * eights * 64] - carry;
    precise float next = sum + term;
    carry = (next - sum) - term;
    sum = next;
  }
  return sum * p.scale;
}

void main() {
  int j = int(gl_GlobalInvocationID.x), block = int(gl_GlobalInvocationID.y);
  if (j >= p.blocks * 4) return;
  // Written out, because unrolling by the compiler's optimiser would forget `precise`.
  vec4 sums =
      vec4(entry(block * 4, j), entry(block * 4 + 1, j), entry(block * 4 + 2, j), entry(block * 4 + 3, j));
  int at = block * p.blocks * 4 + j;
  gram[at] = kAccumulate ? gram[at] + sums : sums;
}
