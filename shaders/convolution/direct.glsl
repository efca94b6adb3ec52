// Four rows of a direct 3×3 convolution for four output channels; for the few layers whose input or output has at most four channels.
// kReplicate: what lies beyond the edge is the edge, else zero.  kInputs, OUTPUTS: the channels of a block that are more than padding.
// weights: 9 × 4·in_blocks × out_blocks texels, four output channels a texel.

// An invocation makes kColumns columns: a processor's a whole tile, from pixels that it fetches once; a GPU's a single one, so that neighbours
// fetch neighbouring pixels, and few registers are held.
#ifdef TEXEL
const int kColumns = kTile;
#else
const int kColumns = 1;
#endif

// The pixels that four rows depend on, of four input channels.
void load_surroundings(int tile_row, int first_column, int block, out vec4 d[6][kColumns + 2]) {
  int y0 = tile_row * kTile - 1, x0 = first_column - 1;
  [[unroll]] for (int i = 0; i < 6; i++) {
    int y = clamp(y0 + i, 0, p.height - 1);
    int base = p.in_origin + (y * p.in_blocks + block) * p.width;
    [[unroll]] for (int j = 0; j < kColumns + 2; j++) {
      int x = clamp(x0 + j, 0, p.width - 1);
      vec4 texel = LOAD(tensor_in, base + x);
      d[i][j] = kReplicate || (y == y0 + i && x == x0 + j) ? texel : vec4(0.0);
    }
  }
}

vec4 weight(int tap, int channel, int block, int out_block) {
  return LOAD(weights, ((tap * p.in_blocks + block) * 4 + channel) * p.out_blocks + out_block);
}

void add_row(int i, int tap, int channel, vec4 w, vec4 d[6][kColumns + 2], inout vec4 result[kTile][kColumns]) {
  [[unroll]] for (int j = 0; j < kColumns; j++) result[i][j] OUTPUTS += w OUTPUTS * d[i + tap / 3][j + tap % 3][channel];
}

// The sixteen registers of a processor hold a row's sums; a GPU's hold all of them, but not all weights.
#ifdef TEXEL
void convolve(vec4 d[6][kColumns + 2], int block, int out_block, inout vec4 result[kTile][kColumns]) {
  [[unroll]] for (int i = 0; i < kTile; i++)
    [[unroll]] for (int tap = 0; tap < 9; tap++)
      [[unroll]] for (int channel = 0; channel < kInputs; channel++)
        add_row(i, tap, channel, weight(tap, channel, block, out_block), d, result);
}
#else
void convolve(vec4 d[6][kColumns + 2], int block, int out_block, inout vec4 result[kTile][kColumns]) {
  [[unroll]] for (int tap = 0; tap < 9; tap++) {
    [[unroll]] for (int channel = 0; channel < kInputs; channel++) {
      vec4 w = weight(tap, channel, block, out_block);
      [[unroll]] for (int i = 0; i < kTile; i++) add_row(i, tap, channel, w, d, result);
    }
  }
}
#endif

void clear(out vec4 result[kTile][kColumns]) {
  [[unroll]] for (int i = 0; i < kTile; i++)
    [[unroll]] for (int j = 0; j < kColumns; j++) result[i][j] = vec4(0.0);
}
