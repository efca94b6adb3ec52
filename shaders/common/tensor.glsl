// Reading tensors: from a storage buffer, or from a uniform texel buffer where that is the fast path (software drivers).
// TENSOR_IN(binding, name) declares one, LOAD(name, i) reads texel i. A file that uses it is compiled twice: plain, and as NAME.texel.
#ifndef IMPASTO_TENSOR_GLSL
#define IMPASTO_TENSOR_GLSL

#ifdef TEXEL
#define TENSOR_IN(slot, name) layout(binding = slot) uniform samplerBuffer name;
#define LOAD(name, i) texelFetch(name, i)
#else
#define TENSOR_IN(slot, name) layout(binding = slot, std430) readonly buffer name##_buffer { vec4 name[]; };
#define LOAD(name, i) name[i]
#endif

#endif
