// Total variation of v = scale · z: partial sums of its value, and weight · its gradient in z, which is written, not added.
// image, image_gradient: H × W × 3 floats. One workgroup a partial sum; each invocation gathers the gradient of its pixels from
// the differences they are part of. Kinds are those of impasto::TvKind:
//   l1: Σ|dx| + Σ|dy|   squared: Σdx² + Σdy²   squared_block: ½Σ(dx² + dy²)   power_block: Σ(dx² + dy²)^exponent
#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
#include "common/reduce.glsl"
#include "loss/push.h"
#include "loss/term.glsl"

layout(constant_id = 1) const uint kKind = 1;

const uint kL1 = 1, kSquared = 2, kSquaredBlock = 3, kPowerBlock = 4;  // TvKind
const bool kBlock = kKind >= kSquaredBlock;

layout(binding = 0, std430) readonly buffer Image { float image[]; };
TERM(1, )
layout(binding = 2, std430) writeonly buffer ImageGradient { float image_gradient[]; };
layout(push_constant) uniform Push { VariationPush p; };

vec3 at(int pixel) {
  int i = p.origin + pixel * 3;
  return p.scale * vec3(image[i], image[i + 1], image[i + 2]);
}

vec3 power(vec3 base, float exponent) { return mix(vec3(0.0), pow(base, vec3(exponent)), greaterThan(base, vec3(0.0))); }

// The summand that owns the differences dx and dy; a difference that does not exist is zero.
vec3 summand(vec3 dx, vec3 dy) {
  if (kKind == kL1) return abs(dx) + abs(dy);
  vec3 squares = dx * dx + dy * dy;
  if (kKind == kSquared) return squares;
  if (kKind == kSquaredBlock) return 0.5 * squares;
  return power(squares, p.exponent);
}

// d summand / d dx; `dy` is the other difference of the same pixel, which only power_block needs.
vec3 slope(vec3 dx, vec3 dy) {
  if (kKind == kL1) return sign(dx);
  if (kKind == kSquared) return 2.0 * dx;
  if (kKind == kSquaredBlock) return dx;
  return 2.0 * p.exponent * power(dx * dx + dy * dy, p.exponent - 1.0) * dx;
}

// The value at a pixel; stores its gradient.
vec3 variation(int i) {
  int pixel = p.first_pixel + i;
  int y = pixel / p.width, x = pixel - y * p.width;
  bool has_left = x > 0, has_right = x < p.width - 1, has_up = y > 0, has_down = y < p.height - 1;
  vec3 here = at(pixel), none = vec3(0.0);

  bool right = has_right && (!kBlock || has_down), down = has_down && (!kBlock || has_right);
  vec3 dx = right ? at(pixel + 1) - here : none;
  vec3 dy = down ? at(pixel + p.width) - here : none;
  vec3 sum = -slope(dx, dy) - slope(dy, dx);

  if (has_left && (!kBlock || has_down)) {
    vec3 left = at(pixel - 1);
    vec3 other = kKind == kPowerBlock ? at(pixel + p.width - 1) - left : none;
    sum += slope(here - left, other);
  }
  if (has_up && (!kBlock || has_right)) {
    vec3 up = at(pixel - p.width);
    vec3 other = kKind == kPowerBlock ? at(pixel - p.width + 1) - up : none;
    sum += slope(here - up, other);
  }
  sum *= term.weight * p.scale;
  int o = p.gradient_origin + pixel * 3;
  image_gradient[o] = sum.r;
  image_gradient[o + 1] = sum.g;
  image_gradient[o + 2] = sum.b;
  return summand(dx, dy);
}

void main() {
  int first = int(gl_WorkGroupID.x) * kVariationPixels + int(gl_LocalInvocationID.x);
  vec3 sum = vec3(0.0);
  for (int j = 0; j < kVariationPixels; j += kLossGroup)
    if (first + j < p.pixels) sum += variation(first + j);
  float total = workgroup_sum(sum.r + sum.g + sum.b);
  if (gl_LocalInvocationID.x == 0u) term.partials[p.first_pixel / kVariationPixels + int(gl_WorkGroupID.x)] = total;
}
