// Tensors: texels of four floats or four halves, read from a storage buffer or, where that is the fast path (software drivers), from a
// uniform texel buffer. Arithmetic is always on floats.
//   TENSOR_IN(slot, name)       LOAD(name, i) reads texel i
//   TENSOR_OUT(slot, name)      STORE(name, i, value) writes it
//   TENSOR_INOUT(slot, name)    STORE, and FORMER(name, i) reads what is there
// CHANNELS is the type of what they read and write, vec4; in a file that defines CHANNEL_PAIRS vec2, and i counts halves of texels.
// A file that has them is compiled three times: plain, where all tensors are floats; as NAME.halves, where each binding is declared as
// both, and a constant says which it is; and, if it reads any, as NAME.texel, whose reads need not know. Halves are packed with core
// instructions, so that no device needs an extension for them. The plain one is for drivers that do not fold constants: with a branch
// at each of its reads, SwiftShader takes minutes and gigabytes to compile a direct convolution.
#ifndef IMPASTO_TENSOR_GLSL
#define IMPASTO_TENSOR_GLSL

#include "common/layout.h"

#ifdef CHANNEL_PAIRS
#define CHANNELS vec2
#define PACKED_CHANNELS uint
const int kPairs = 2;  // of what an index counts, in a texel
#else
#define CHANNELS vec4
#define PACKED_CHANNELS uvec2
const int kPairs = 1;
#endif

vec2 unpack_halves(uint halves) { return unpackHalf2x16(halves); }
vec4 unpack_halves(uvec2 halves) { return vec4(unpackHalf2x16(halves.x), unpackHalf2x16(halves.y)); }
uint pack_halves(vec2 value) { return packHalf2x16(value); }
uvec2 pack_halves(vec4 value) { return uvec2(packHalf2x16(value.xy), packHalf2x16(value.zw)); }

#if defined(HALVES) || defined(TEXEL)

layout(constant_id = kHalvesConstant) const uint kHalves = 0u;  // a bit for each slot

#define TENSOR_BUFFERS(slot, access, name)                          \
  layout(binding = slot, std430) access buffer name##_fp32_buffer { \
    CHANNELS name##_fp32[];                                         \
  };                                                                \
  layout(binding = slot, std430) access buffer name##_fp16_buffer { \
    PACKED_CHANNELS name##_fp16[];                                  \
  };

#define TENSOR_READER(slot, name, function)                  \
  CHANNELS function(int i) {                                 \
    if ((kHalves >> slot & 1u) == 0u) return name##_fp32[i]; \
    return unpack_halves(name##_fp16[i]);                    \
  }

#define TENSOR_WRITER(slot, name)            \
  void name##_store(int i, CHANNELS value) { \
    if ((kHalves >> slot & 1u) == 0u)        \
      name##_fp32[i] = value;                \
    else                                     \
      name##_fp16[i] = pack_halves(value);   \
  }

#else

#define TENSOR_BUFFERS(slot, access, name)                          \
  layout(binding = slot, std430) access buffer name##_fp32_buffer { \
    CHANNELS name##_fp32[];                                         \
  };
#define TENSOR_READER(slot, name, function) \
  CHANNELS function(int i) { return name##_fp32[i]; }
#define TENSOR_WRITER(slot, name) \
  void name##_store(int i, CHANNELS value) { name##_fp32[i] = value; }

#endif

#ifdef TEXEL
#define TENSOR_IN(slot, name) layout(binding = slot) uniform samplerBuffer name;
#define LOAD(name, i) texelFetch(name, i)
#else
#define TENSOR_IN(slot, name) TENSOR_BUFFERS(slot, readonly, name) TENSOR_READER(slot, name, name##_load)
#define LOAD(name, i) name##_load(i)
#endif

#define TENSOR_OUT(slot, name) TENSOR_BUFFERS(slot, writeonly, name) TENSOR_WRITER(slot, name)
#define TENSOR_INOUT(slot, name) \
  TENSOR_BUFFERS(slot, , name) TENSOR_READER(slot, name, name##_former) TENSOR_WRITER(slot, name)
#define STORE(name, i, value) name##_store(i, value)
#define FORMER(name, i) name##_former(i)

#endif
