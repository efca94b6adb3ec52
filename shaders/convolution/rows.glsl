// The rows of Winograd's V and M, texels all: one after the other or, with WIDE, two and two, the texels of a column side by side. A pair
// is then written as four 64-bit words: on software drivers a store costs by its words, each with a branch of its own for every lane.
#ifdef WIDE
#extension GL_ARB_gpu_shader_int64 : require
#define ROWS_OUT(slot, name) layout(binding = slot, std430) writeonly buffer name##_buffer { u64vec4 name[]; };

// Not packUint2x32, a shuffle: for it LLVM keeps the sums of the loop before in the lower halves of 512-bit registers, where there are any.
uint64_t word(uint low, uint high) { return uint64_t(low) | (uint64_t(high) << 32); }

u64vec4 row_pair(vec4 first, vec4 second) {
  uvec4 a = floatBitsToUint(first), b = floatBitsToUint(second);
  return u64vec4(word(a.x, a.y), word(a.z, a.w), word(b.x, b.y), word(b.z, b.w));
}

int texel_of_row(int row, int column, int pitch) { return (row / 2 * pitch + column) * 2 + row % 2; }
#else
#define ROWS_OUT(slot, name) layout(binding = slot, std430) writeonly buffer name##_buffer { CHANNELS name[]; };

int texel_of_row(int row, int column, int pitch) { return row * pitch + column; }
#endif
