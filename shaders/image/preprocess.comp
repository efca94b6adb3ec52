// A window of the picture as the network sees it: channel k is scale[c]·z[c] − mean[c], c the picture's channel for k.
// image: rows of interleaved RGB floats.  network_input: tensor height × 1 × width of the window; the texel's fourth channel is zero.
// x: column, y: row of this dispatch.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "common/tensor.glsl"
#include "image/push.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool kBgr = false;

layout(binding = 0, std430) readonly buffer Image {
  float image[];
};
TENSOR_OUT(1, network_input)
layout(push_constant) uniform Push {
  PreprocessPush p;
};

void main() {
  int x = int(gl_GlobalInvocationID.x), y = int(gl_WorkGroupID.y);
  if (x >= p.width) return;
  int at = p.image_origin + y * p.image_row + x * 3;
  vec3 z = vec3(image[at], image[at + 1], image[at + 2]);
  vec3 value = vec3(p.scale[0], p.scale[1], p.scale[2]) * z - vec3(p.mean[0], p.mean[1], p.mean[2]);
  STORE(network_input, p.origin + y * p.width + x, vec4(kBgr ? value.bgr : value, 0.0));
}
