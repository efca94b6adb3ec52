// The transforms of Winograd's F(4×4, 3×3) with the points 0, ±√2/2, ±√2, ∞ (Lavin & Gray, arXiv:1509.09308, section 4;
// the points halve the rounding error of the usual integer ones and are closed under reciprocal).
#ifndef IMPASTO_WINOGRAD_GLSL
#define IMPASTO_WINOGRAD_GLSL

const float kRoot2 = 1.41421356237309515;

// Bᵀ d, in place.
void input_transform(inout CHANNELS d[6]) {
  CHANNELS e = d[4] - 2.0 * d[2], f = kRoot2 * (0.5 * d[3] - d[1]);
  CHANNELS g = d[4] - 0.5 * d[2], h = kRoot2 * (d[3] - 0.5 * d[1]);
  d[0] = d[0] - 2.5 * d[2] + d[4];
  d[5] = d[1] - 2.5 * d[3] + d[5];
  d[1] = e + f;
  d[2] = e - f;
  d[3] = g + h;
  d[4] = g - h;
}

// Aᵀ m.
void output_transform(vec4 m[6], out vec4 y[4]) {
  vec4 a = m[1] + m[2], b = m[1] - m[2], c = m[3] + m[4], d = m[3] - m[4];
  y[0] = m[0] + a + c;
  y[1] = kRoot2 * (0.5 * b + d);
  y[2] = 0.5 * a + 2.0 * c;
  y[3] = kRoot2 * (0.25 * b + 2.0 * d) + m[5];
}

#endif
