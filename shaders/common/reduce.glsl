// The sum over a workgroup of a power-of-two size, as a fixed tree. Only invocation 0 gets it; call it once, from all invocations.
#ifndef IMPASTO_REDUCE_GLSL
#define IMPASTO_REDUCE_GLSL

layout(local_size_x_id = 0) in;  // here, because gl_WorkGroupSize means 1 before it

shared float reduce_values[128];

float workgroup_sum(float value) {
  uint i = gl_LocalInvocationIndex;
  reduce_values[i] = value;
  for (uint half_size = gl_WorkGroupSize.x / 2u; half_size > 0u; half_size /= 2u) {
    barrier();
    if (i < half_size) reduce_values[i] += reduce_values[i + half_size];
  }
  return reduce_values[0];
}

#endif
