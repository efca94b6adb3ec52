// Finishes the inner products, decides whether the candidate pair is kept, and enters it into the matrices. One workgroup.
// A gradient that is not finite takes the last step back, keeps the pairs and makes the steps to come half as long. With a line search
// it also decides whether that goes on, and a step to come is what it finds.
//   data: LbfgsLayout; the sums of lbfgs_pair and lbfgs_products in, sy, yy and dots out;  losses: kLosses terms of the objective
#version 450
#extension GL_GOOGLE_include_directive : require
#include "optimizer/double_float.glsl"
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kLineSearch = false;
layout(constant_id = 2) const uint kRestart = 0u;  // evaluations; 0: never
layout(constant_id = 3) const uint kLosses = 1u;
layout(push_constant) uniform Constants {
  LbfgsLayout parts;
};
layout(binding = 0, std430) buffer Control {
  LbfgsState state;
  vec2 data[];
};
layout(binding = 1, std430) readonly buffer Losses {
  float losses[];
};

shared vec2 pair[kPairSums];
shared uint pairs;  // before this step
shared uint slot;   // of the candidate, or kNoSlot
shared uint usable;

vec2 total(uint first, uint stride) {
  vec2 sum = data[first];
  for (uint group = 1; group < uint(parts.groups); ++group) sum = df_add(sum, data[first + group * stride]);
  return sum;
}

// A pair of the history: its products with the gradient, and with the new pair when that is kept at `slot`.
void enter(uint value) {
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

void keep() {
  const uint m = uint(parts.history);
  const vec2 share = vec2(state.share, 0.0);
  const vec2 curvature = df_mul(share, pair[3]);
  data[parts.dots + 2u * slot] = df_mul(share, pair[1]);
  data[parts.dots + 2u * slot + 1u] = pair[2];
  data[parts.sy + slot * m + slot] = curvature;
  data[parts.yy + slot * m + slot] = pair[4];
  const vec2 gamma = df_div(curvature, pair[4]);
  state.gamma_high = gamma.x;
  state.gamma_low = gamma.y;
  state.head = (slot + 1u) % m;
  state.status.pairs = min(pairs + 1u, m);
}

void refuse_gradient(bool take_back) {
  state.move = take_back ? -state.search.step : 0.0;
  if (take_back && pairs == 0u) state.started = 0u;  // the first step is to be taken again, as a first one
  state.scale *= 0.5;
  state.status.skipped += 1u;
  state.status.failing += 1u;
  state.status.verdict = kGradientNotFinite;
}

// A pair is kept when sᵀy > 1e-10, as torch.optim.LBFGS does.
void decide() {
  const bool moved = state.started != 0u && state.status.verdict == kStepTaken;  // what was taken back is no pair
  const bool curved = finite(pair[3].x) && finite(pair[4].x) && pair[3].x > 1e-10 && pair[4].x > 0.0;
  state.norm = pair[0].x;
  state.search.step = 1.0;
  state.stepping = usable;
  if (usable == 0u)
    refuse_gradient(moved);
  else if (moved && curved)
    slot = state.head;
  if (usable != 0u) state.status.verdict = kStepTaken;
}

#include "optimizer/lbfgs_search.glsl"

void main() {
  const uint lane = gl_LocalInvocationIndex;
  if (lane < kPairSums) pair[lane] = total(uint(parts.pair_sums) + lane, kPairSums);
  barrier();
  if (lane == 0u) {
    pairs = state.status.pairs;
    slot = kNoSlot;
    usable = pair[5].x == 0.0 && finite(pair[0].x) ? 1u : 0u;
    state.move = 0.0;
    if (kLineSearch)
      decide_by_search();
    else
      decide();
    state.slot = slot;
  }
  barrier();
  if (usable == 0u) return;
  for (uint value = lane; value < 4u * pairs; value += gl_WorkGroupSize.x) enter(value);
  if (lane == 0u && slot != kNoSlot) keep();
}
