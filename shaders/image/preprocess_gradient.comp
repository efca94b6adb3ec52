// The gradient of the network's input as a gradient of a window of the picture; factor undoes the scale of gradients on the device.
// gradient: tensor height × 1 × width of three channels.  image_gradient: rows of interleaved RGB floats.
// x: column, y: row of this dispatch.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "image/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kBgr = false;
layout(constant_id = 2) const bool kAccumulate = false;

TENSOR_IN(0, gradient)
layout(binding = 1, std430) buffer ImageGradient {
  float image_gradient[];
};
layout(binding = 2, std430) readonly buffer Factor {
  float factor;
};
layout(push_constant) uniform Push {
  PreprocessPush p;
};

void main() {
  int x = int(gl_GlobalInvocationID.x), y = int(gl_WorkGroupID.y);
  if (x >= p.width) return;
  vec4 texel = LOAD(gradient, p.origin + y * p.width + x);
  vec3 value = factor * vec3(p.scale[0], p.scale[1], p.scale[2]) * (kBgr ? texel.bgr : texel.rgb);
  int at = p.image_origin + y * p.image_row + x * 3;
  if (kAccumulate) value += vec3(image_gradient[at], image_gradient[at + 1], image_gradient[at + 2]);
  image_gradient[at] = value.r;
  image_gradient[at + 1] = value.g;
  image_gradient[at + 2] = value.b;
}
