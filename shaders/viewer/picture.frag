// Draws a picture of height × width × 3 floats from its buffer: its own pixels when magnified, the mean over a pixel of the screen
// when it is made smaller. The values are sRGB-encoded, as the screen wants them.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "viewer/picture.h"

layout(push_constant) uniform Push { PicturePush push; };
layout(binding = 0, std430) readonly buffer Picture { float values[]; };
layout(location = 0) in vec2 at;
layout(location = 0) out vec4 colour;

const int kMostSamples = 6;  // a side; more would not be seen

vec3 pixel(vec2 position) {
  const ivec2 p = clamp(ivec2(floor(position)), ivec2(0), ivec2(push.width, push.height) - 1);
  const int index = 3 * (p.y * push.width + p.x);
  return vec3(values[index], values[index + 1], values[index + 2]);
}

void main() {
  const float footprint = max(1 / push.magnification, 1e-3);
  const int samples = clamp(int(ceil(footprint)), 1, kMostSamples);
  vec3 sum = vec3(0);
  for (int y = 0; y < samples; ++y)
    for (int x = 0; x < samples; ++x)
      sum += pixel(at + ((vec2(x, y) + 0.5) / samples - 0.5) * (samples > 1 ? footprint : 0));
  colour = vec4(clamp(sum * (push.scale / float(samples * samples)), 0, 1), 1);
}
