// Finishes the inner products, decides whether the candidate pair is kept, and enters it into the matrices. One workgroup.
// A pair is kept when sᵀy > 1e-10, as torch.optim.LBFGS does; a gradient that is not finite takes the last step
// back, keeps the pairs and makes the steps to come half as long.
//   data: LbfgsLayout; the sums of lbfgs_pair and lbfgs_products in, sy, yy and dots out
#version 450
#extension GL_GOOGLE_include_directive : require
#include "optimizer/double_float.glsl"
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(push_constant) uniform Constants {
  LbfgsLayout parts;
};
layout(binding = 0, std430) buffer Control {
  LbfgsState state;
  vec2 data[];
};

shared vec2 pair[kPairSums];  // ‖g‖₁, sᵀg, yᵀg, sᵀy, yᵀy, entries not finite

vec2 total(uint first, uint stride) {
  vec2 sum = data[first];
  for (uint group = 1; group < uint(parts.groups); ++group) sum = df_add(sum, data[first + group * stride]);
  return sum;
}

// A pair of the history: its products with the gradient, and with the new pair when that is kept at `slot`.
void enter(uint value, uint slot) {
  const uint m = uint(parts.history);
  const uint i = value / 4;
  const uint kind = value % 4;
  if (i == slot || (kind >= 2u && slot == kNoSlot)) return;
  const vec2 sum = total(uint(parts.sums) + value, 4u * m);
  if (kind < 2u) data[parts.dots + 2u * i + kind] = sum;
  if (kind == 2u) data[parts.sy + slot * m + i] = sum;
  if (kind == 3u) {
    data[parts.yy + slot * m + i] = sum;
    data[parts.yy + i * m + slot] = sum;
  }
}

void keep(uint slot, uint pairs) {
  const uint m = uint(parts.history);
  data[parts.dots + 2u * slot] = pair[1];
  data[parts.dots + 2u * slot + 1u] = pair[2];
  data[parts.sy + slot * m + slot] = pair[3];
  data[parts.yy + slot * m + slot] = pair[4];
  const vec2 gamma = df_div(pair[3], pair[4]);
  state.gamma_high = gamma.x;
  state.gamma_low = gamma.y;
  state.head = (slot + 1u) % m;
  state.status.pairs = min(pairs + 1u, m);
}

void main() {
  const uint lane = gl_LocalInvocationIndex;
  const uint pairs = state.status.pairs;
  const uint head = state.head;
  const bool started = state.started != 0u;
  const bool moved = state.status.verdict == kStepTaken;  // what was taken back is no pair
  if (lane < kPairSums) pair[lane] = total(uint(parts.pair_sums) + lane, kPairSums);
  barrier();
  const bool usable = pair[5].x == 0.0 && finite(pair[0].x);
  const bool curved = finite(pair[3].x) && finite(pair[4].x) && pair[3].x > 1e-10 && pair[4].x > 0.0;
  const bool kept = usable && started && moved && curved;
  const uint slot = kept ? head : kNoSlot;
  if (usable)
    for (uint value = lane; value < 4u * pairs; value += gl_WorkGroupSize.x) enter(value, slot);
  if (lane != 0u) return;
  if (kept) keep(slot, pairs);
  state.slot = slot;
  state.stepping = usable ? 1u : 0u;
  state.undoing = !usable && started && state.status.verdict == kStepTaken ? 1u : 0u;
  state.norm = pair[0].x;
  state.status.verdict = usable ? kStepTaken : kGradientNotFinite;
  if (usable) return;
  if (state.undoing != 0u && pairs == 0u)
    state.started = 0u;  // the first step is to be taken again, as a first one
  state.scale *= 0.5;
  state.status.skipped += 1u;
  state.status.failing += 1u;
}
