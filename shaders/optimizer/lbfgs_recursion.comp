// The two-loop recursion of L-BFGS (Liu & Nocedal 1989; Nocedal & Wright, Numerical optimization, algorithm 7.4) on inner
// products alone: what it does to vectors is written as coefficients of sᵢ, yᵢ and g. One workgroup; an invocation keeps the
// products of its slots up to date while the loops go from pair to pair.
//   data: sy, yy, dots in; at 0 the coefficients, scaled by the step length, out;  learning_rate: one float, written by the host
// The step length is the learning rate, of the first step min(1, 1/‖g‖₁) of it, as torch.optim.LBFGS has it without line search. With one
// the direction is written as it is; the first trial is 1 along it, of the first step 1/‖g‖₂, times the learning rate.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "optimizer/double_float.glsl"
#include "optimizer/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint kHistory = 100;
layout(constant_id = 2) const bool kLineSearch = false;
layout(push_constant) uniform Constants {
  LbfgsLayout parts;
};
layout(binding = 0, std430) buffer Control {
  LbfgsState state;
  vec2 data[];
};
layout(binding = 1, std430) readonly buffer Parameters {
  float learning_rate;
};

shared vec2 with_s[kHistory];  // sᵢᵀq of the first loop, then αᵢ
shared vec2 with_y[kHistory];  // yᵢᵀr of the second
shared uint broken;

vec2 sy(uint i, uint j) {
  return data[parts.sy + j * kHistory + i];
}

// The slot of the pair that is `age` pairs older than the newest.
uint slot_of(uint age) {
  return (state.head + 2u * kHistory - 1u - age) % kHistory;
}

vec2 minus_product(vec2 sum, vec2 a, vec2 b) {
  return df_add(sum, -df_mul(a, b));
}

// q = −g; from the newest pair: αᵢ = sᵢᵀq / sᵢᵀyᵢ, q ← q − αᵢyᵢ.
void first_loop(uint pairs) {
  for (uint age = 0u; age < pairs; ++age) {
    const uint i = slot_of(age);
    const vec2 alpha = df_div(with_s[i], sy(i, i));
    barrier();
    for (uint older = age + gl_LocalInvocationIndex; older < pairs; older += gl_WorkGroupSize.x) {
      const uint k = slot_of(older);
      with_s[k] = older == age ? alpha : minus_product(with_s[k], alpha, sy(k, i));
    }
    barrier();
  }
}

// r = γq, of which yᵢᵀr is needed.
void scale(uint pairs, vec2 gamma) {
  for (uint i = gl_LocalInvocationIndex; i < pairs; i += gl_WorkGroupSize.x) {
    vec2 sum = with_y[i];
    for (uint j = 0u; j < pairs; ++j) sum = minus_product(sum, with_s[j], data[parts.yy + j * kHistory + i]);
    with_y[i] = df_mul(gamma, sum);
  }
  barrier();
}

// From the oldest pair: β = yᵢᵀr / sᵢᵀyᵢ, r ← r + (αᵢ − β)sᵢ; the coefficient of sᵢ takes the place of yᵢᵀr.
void second_loop(uint pairs) {
  for (uint age = pairs; age-- > 0u;) {
    const uint i = slot_of(age);
    const vec2 coefficient = df_add(with_s[i], -df_div(with_y[i], sy(i, i)));
    barrier();
    for (uint newer = gl_LocalInvocationIndex; newer <= age; newer += gl_WorkGroupSize.x) {
      const uint k = slot_of(newer);
      with_y[k] = newer == age ? coefficient : df_add(with_y[k], df_mul(coefficient, sy(i, k)));
    }
    barrier();
  }
}

void write_coefficients(uint pairs, vec2 gamma, float step_length) {
  bool bad = !finite(step_length * gamma.x);
  for (uint i = gl_LocalInvocationIndex; i < pairs; i += gl_WorkGroupSize.x) {
    const vec2 both = step_length * vec2(with_y[i].x, -df_mul(gamma, with_s[i]).x);
    data[i] = both;
    bad = bad || !finite(both.x) || !finite(both.y);
  }
  if (bad) atomicOr(broken, 1u);
  if (gl_LocalInvocationIndex == 0u) data[kHistory] = vec2(-step_length * gamma.x, 0.0);
}

void start_anew() {
  state.status.verdict = kDirectionNotFinite;
  state.status.skipped += 1u;
  state.status.failing += 1u;
  state.status.pairs = 0u;
  state.head = 0u;
  state.started = 0u;
  state.stepping = 0u;
  state.gamma_high = 1.0;
  state.gamma_low = 0.0;
}

void main() {
  const uint lane = gl_LocalInvocationIndex;
  if (state.stepping == 0u) return;
  const uint pairs = state.status.pairs;
  const bool first = state.started == 0u;
  const vec2 gamma = vec2(state.gamma_high, state.gamma_low);
  if (lane == 0u) broken = 0u;
  for (uint i = lane; i < pairs; i += gl_WorkGroupSize.x) {
    with_s[i] = -data[parts.dots + 2u * i];
    with_y[i] = -data[parts.dots + 2u * i + 1u];
  }
  barrier();
  first_loop(pairs);
  scale(pairs, gamma);
  second_loop(pairs);
  const float rate = state.scale * learning_rate;
  const bool shorten = first && (kLineSearch || state.norm > 1.0);
  const float step_length = shorten ? rate / state.norm : rate;
  write_coefficients(pairs, gamma, kLineSearch ? 1.0 : step_length);
  barrier();
  if (lane != 0u) return;
  if (broken != 0u) {
    start_anew();
    return;
  }
  state.move = kLineSearch ? min(step_length, state.greatest) : 1.0;
  state.search.step = state.move;
  state.searching = kLineSearch ? 1u : 0u;
  state.started = 1u;
  state.status.steps += 1u;
  state.status.failing = 0u;
}
