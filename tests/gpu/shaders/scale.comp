// What the tests of the Vulkan layer dispatch: result = factor·values + offset, elementwise.
//   values, result: `count` floats
#version 450

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint kOffset = 0;
layout(push_constant) uniform Constants {
  uint count;
  float factor;
};
#ifdef TEXEL
layout(binding = 0) uniform samplerBuffer values;
#define VALUE(i) texelFetch(values, int(i) / 4)[(i) % 4u]
#else
layout(binding = 0, std430) readonly buffer Values { float values[]; };
#define VALUE(i) values[i]
#endif
layout(binding = 1, std430) writeonly buffer Result { float result[]; };

void main() {
  const uint i = gl_GlobalInvocationID.x;
  if (i < count) result[i] = factor * VALUE(i) + float(kOffset);
}
