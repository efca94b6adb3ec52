// The bits of a tile's ReLU mask (layout.h): those of a pixel, and a value where they let its channels through.

uint mask_bits(vec4 activation, int y, int x) {
  uvec4 positive = uvec4(greaterThan(activation, vec4(0.0)));
  return (positive.x | positive.y << 1 | positive.z << 2 | positive.w << 3) << ((y % 2) * 16 + x * 4);
}

vec4 masked(vec4 value, uvec2 bits, int y, int x) {
  uint four = (y < 2 ? bits.x : bits.y) >> ((y % 2) * 16 + x * 4);
  return mix(vec4(0.0), value, notEqual(uvec4(four) & uvec4(1u, 2u, 4u, 8u), uvec4(0u)));
}

// Of a value of two channels, the bits shifted to the first of them.
vec2 masked(vec2 value, uvec2 bits, int y, int x) {
  uint two = (y < 2 ? bits.x : bits.y) >> ((y % 2) * 16 + x * 4);
  return mix(vec2(0.0), value, notEqual(uvec2(two) & uvec2(1u, 2u), uvec2(0u)));
}
