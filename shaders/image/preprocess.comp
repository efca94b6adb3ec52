// The picture as the network sees it: channel k is scale[c]·z[c] − mean[c], c the picture's channel for k.
// image: H × W × 3 floats, RGB.  network_input: tensor H × 1 × W; the texel's fourth channel is zero.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "image/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kBgr = false;

layout(binding = 0, std430) readonly buffer Image { float image[]; };
layout(binding = 1, std430) writeonly buffer NetworkInput { vec4 network_input[]; };
layout(push_constant) uniform Push { PreprocessPush p; };

void main() {
  int i = int(gl_GlobalInvocationID.x);
  if (i >= p.pixels) return;
  vec3 z = vec3(image[i * 3], image[i * 3 + 1], image[i * 3 + 2]);
  vec3 value = vec3(p.scale[0], p.scale[1], p.scale[2]) * z - vec3(p.mean[0], p.mean[1], p.mean[2]);
  network_input[i] = vec4(kBgr ? value.bgr : value, 0.0);
}
