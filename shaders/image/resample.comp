// One axis of a separable resampling of rows of interleaved floats: out = Σ over taps of weight · in.
// table: for each output position taps + 1 words: the first input position, then the weights as bits.
// One invocation a float; x runs over a row of the output, y over its rows.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "image/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kVertical = false;

layout(binding = 0, std430) readonly buffer Source { float source[]; };
layout(binding = 1, std430) readonly buffer Table { uint table[]; };
layout(binding = 2, std430) writeonly buffer Result { float result[]; };
layout(push_constant) uniform Push { ResamplePush p; };

void main() {
  int i = int(gl_GlobalInvocationID.x);
  int y = p.first_out_row + int(gl_WorkGroupID.y);
  if (i >= p.out_row) return;
  int position = kVertical ? y : i / p.channels;
  int entry = position * (p.taps + 1);
  int first = int(table[entry]);
  int stride = kVertical ? p.in_row : p.channels;
  int from = p.in_origin + (kVertical ? first * stride + i : y * p.in_row + first * stride + i - position * p.channels);
  float sum = 0.0;
  for (int tap = 0; tap < p.taps; tap++) sum += uintBitsToFloat(table[entry + 1 + tap]) * source[from + tap * stride];
  result[p.out_origin + y * p.out_row + i] = sum;
}
