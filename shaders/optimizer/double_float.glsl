// Numbers in two floats, high + low, with 48 bits of precision: Dekker, A floating-point technique for extending the available
// precision, 1971; Knuth, TAOCP 2, section 4.2.2. `precise` keeps compilers from simplifying the errors to zero; fused
// multiply-add is not relied on, as not every device has it.
#ifndef IMPASTO_DOUBLE_FLOAT_GLSL
#define IMPASTO_DOUBLE_FLOAT_GLSL

// a + b without error.
vec2 two_sum(float a, float b) {
  precise float sum = a + b;
  precise float part = sum - a;
  precise float error = (a - (sum - part)) + (b - part);
  return vec2(sum, error);
}

// The same for |a| ≥ |b|.
vec2 quick_two_sum(float a, float b) {
  precise float sum = a + b;
  precise float error = b - (sum - a);
  return vec2(sum, error);
}

// The upper 12 bits of a and the rest.
vec2 split(float a) {
  precise float scaled = 4097.0 * a;
  precise float high = scaled - (scaled - a);
  precise float low = a - high;
  return vec2(high, low);
}

// a · b without error.
vec2 two_product(float a, float b) {
  const vec2 x = split(a);
  const vec2 y = split(b);
  precise float product = a * b;
  precise float error = ((x.x * y.x - product) + x.x * y.y + x.y * y.x) + x.y * y.y;
  return vec2(product, error);
}

vec2 df_add(vec2 a, vec2 b) {
  const vec2 high = two_sum(a.x, b.x);
  const vec2 low = two_sum(a.y, b.y);
  precise float rest = high.y + low.x;
  const vec2 sum = quick_two_sum(high.x, rest);
  precise float tail = sum.y + low.y;
  return quick_two_sum(sum.x, tail);
}

vec2 df_mul(vec2 a, vec2 b) {
  const vec2 product = two_product(a.x, b.x);
  precise float error = product.y + (a.x * b.y + a.y * b.x);
  return quick_two_sum(product.x, error);
}

vec2 df_div(vec2 a, vec2 b) {
  precise float first = a.x / b.x;
  vec2 rest = df_add(a, -df_mul(b, vec2(first, 0.0)));
  precise float second = rest.x / b.x;
  rest = df_add(rest, -df_mul(b, vec2(second, 0.0)));
  precise float third = rest.x / b.x;
  const vec2 quotient = quick_two_sum(first, second);
  return df_add(quotient, vec2(third, 0.0));
}

// The sum with one more float, its error collected in the low part: cheap, for long sums that df_add will finish.
vec2 accumulate(vec2 sum, float value) {
  const vec2 next = two_sum(sum.x, value);
  precise float low = sum.y + next.y;
  return vec2(next.x, low);
}

// By its bits, as compilers may assume that comparisons never see a NaN.
bool finite(float value) { return (floatBitsToUint(value) & 0x7f800000u) != 0x7f800000u; }

#endif
