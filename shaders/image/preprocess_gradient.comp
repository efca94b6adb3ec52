// The gradient of the network's input as a gradient of the picture.
// gradient: tensor H × 1 × W of three channels.  image_gradient: H × W × 3 floats, RGB.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "image/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kBgr = false;
layout(constant_id = 2) const bool kAccumulate = false;

TENSOR_IN(0, gradient)
layout(binding = 1, std430) buffer ImageGradient { float image_gradient[]; };
layout(push_constant) uniform Push { PreprocessPush p; };

void main() {
  int i = int(gl_GlobalInvocationID.x);
  if (i >= p.pixels) return;
  vec4 texel = LOAD(gradient, i);
  vec3 value = vec3(p.scale[0], p.scale[1], p.scale[2]) * (kBgr ? texel.bgr : texel.rgb);
  if (kAccumulate) value += vec3(image_gradient[i * 3], image_gradient[i * 3 + 1], image_gradient[i * 3 + 2]);
  image_gradient[i * 3] = value.r;
  image_gradient[i * 3 + 1] = value.g;
  image_gradient[i * 3 + 2] = value.b;
}
