// The pull of a frame to the one before: partial sums of Σ c · (scale · (z − t))², and weight · its gradient in z, which is added.
// image, image_gradient: H × W × 3 floats. guide: H × W texels, t in rgb and c, how certain it is, in a. One workgroup a partial sum.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/reduce.glsl"
#include "loss/push.h"
#include "loss/term.glsl"

layout(binding = 0, std430) readonly buffer Image { float image[]; };
layout(binding = 1, std430) readonly buffer Guide { vec4 guide[]; };
TERM(2, )
layout(binding = 3, std430) buffer ImageGradient { float image_gradient[]; };
layout(push_constant) uniform Push { TemporalPush p; };

// The value at a pixel of the span; adds its gradient.
float pull(int i) {
  vec4 wanted = guide[i];
  vec3 difference = p.scale * (vec3(image[3 * i], image[3 * i + 1], image[3 * i + 2]) - wanted.rgb);
  vec3 slope = (2.0 * term.weight * p.scale * wanted.a) * difference;
  image_gradient[3 * i] += slope.r;
  image_gradient[3 * i + 1] += slope.g;
  image_gradient[3 * i + 2] += slope.b;
  return wanted.a * dot(difference, difference);
}

void main() {
  int first = int(gl_WorkGroupID.x) * kVariationPixels + int(gl_LocalInvocationID.x);
  float sum = 0.0;
  for (int j = 0; j < kVariationPixels; j += kLossGroup)
    if (first + j < p.pixels) sum += pull(first + j);
  float total = workgroup_sum(sum);
  if (gl_LocalInvocationID.x == 0u) term.partials[p.first_partial + int(gl_WorkGroupID.x)] = total;
}
