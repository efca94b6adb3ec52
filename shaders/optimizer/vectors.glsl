// Reads the gradient as texels of four, zeros behind its end. Declare push.elements and GRADIENT's slot before including it.
layout(binding = GRADIENT, std430) readonly buffer Gradient { float gradient[]; };

vec4 gradient_quad(uint quad) {
  const uint first = 4u * quad;
  const uint last = uint(push.elements) - 1u;
  const vec4 values = vec4(gradient[first], gradient[min(first + 1u, last)], gradient[min(first + 2u, last)],
                           gradient[min(first + 3u, last)]);
  return mix(vec4(0.0), values, lessThanEqual(first + uvec4(0u, 1u, 2u, 3u), uvec4(last)));
}

// Products in float, added in pairs: their rounding is random and small beside that of one float vector. `precise`, so that the
// bits do not depend on the place in an unrolled loop.
float dot_quad(vec4 a, vec4 b) {
  precise vec4 products = a * b;
  precise float sum = (products.x + products.y) + (products.z + products.w);
  return sum;
}
