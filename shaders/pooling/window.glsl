// The 2×2 windows of pooling: their mean, their largest pixel, and the two bits that say which it was (layout.h). A window's pixels are in
// row-major order; one over the edge has the edge pixel again, which changes no mean of those that exist and wins no strict comparison.

ivec2 window_of(int window) { return ivec2(window & 1, window >> 1) * 2; }  // its top left pixel in the tile
ivec2 pixel_of(int pixel) { return ivec2(pixel & 1, pixel >> 1); }          // its place in the window

vec4 mean_of(vec4 pixels[4]) { return (pixels[0] + pixels[1] + pixels[2] + pixels[3]) * 0.25; }

// chosen: which pixel was largest, the first of equals.
vec4 largest_of(vec4 pixels[4], out uvec4 chosen) {
  vec4 best = pixels[0];
  chosen = uvec4(0u);
  [[unroll]] for (int pixel = 1; pixel < 4; pixel++) {
    bvec4 greater = greaterThan(pixels[pixel], best);
    best = mix(best, pixels[pixel], greater);
    chosen = mix(chosen, uvec4(pixel), greater);
  }
  return best;
}

uint choice_bits(uvec4 chosen, int window) {
  return (chosen.x | chosen.y << 2 | chosen.z << 4 | chosen.w << 6) << (window * 8);
}

uvec4 chosen_of(uint bits, int window) {
  return (uvec4(bits) >> (uvec4(0u, 2u, 4u, 6u) + uint(window * 8))) & 3u;
}

// A value in the channels whose largest pixel is this one, zero in the others.
vec4 where_chosen(vec4 value, uint bits, int window, int pixel) {
  return mix(vec4(0.0), value, equal(chosen_of(bits, window), uvec4(pixel)));
}

// Of two channels, the bits shifted to the first of them.
vec2 where_chosen(vec2 value, uint bits, int window, int pixel) {
  return mix(vec2(0.0), value, equal(chosen_of(bits, window).xy, uvec2(pixel)));
}
