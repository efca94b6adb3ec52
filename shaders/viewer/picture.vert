// A rectangle as a triangle strip of four vertices, with coordinates in pixels of the picture.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "viewer/picture.h"

layout(push_constant) uniform Push { PicturePush push; };
layout(location = 0) out vec2 at;

void main() {
  const vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
  at = corner * vec2(push.width, push.height);
  gl_Position = vec4(mix(push.rectangle.xy, push.rectangle.zw, corner), 0, 1);
}
