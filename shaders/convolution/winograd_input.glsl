// Winograd's input transform V = Bᵀ d B of what the including shader reads. One invocation a tile of 4×4 pixels (6×6 read) and CHANNELS of a
// block, or with WIDE two whole blocks; x runs over tiles and, innermost, the pairs of a block, y over blocks.
// Expects v, kRotated, p with blocks, tile_columns, first_tile, tiles, pitch and v_rows, and
//   void prepare(ivec2 corner, int block, int pair)   for a tile by its top left pixel; pair: which of the block's, where it is in pairs
//   void read_row(int i, out CHANNELS row[6])         of its 6×6 pixels

// The transform of the kernel rotated by 180° is a permutation of the kernel's own, times sign[i]·sign[j]: the point a becomes 1/a.
const float kSign[6] = float[6](1.0, -2.0, -2.0, -0.5, -0.5, 1.0);

void transform(ivec2 tile, int block, int pair, out CHANNELS points[6][6]) {
  prepare(tile * kTile, block, pair);
  CHANNELS d[6][6];
  [[unroll]] for (int i = 0; i < 6; i++) {
    read_row(i, d[i]);
    input_transform(d[i]);
  }
  [[unroll]] for (int j = 0; j < 6; j++) {
    CHANNELS q[6];
    [[unroll]] for (int i = 0; i < 6; i++) q[i] = d[i][j];
    input_transform(q);
    [[unroll]] for (int i = 0; i < 6; i++) points[i][j] = (kRotated ? kSign[i] * kSign[j] : 1.0) * q[i];
  }
}

void main() {
  int x = int(gl_GlobalInvocationID.x), y = int(gl_GlobalInvocationID.y);
  int tile = x / kPairs, pair = x % kPairs;
  if (tile >= p.tiles) return;
  int absolute = tile + p.first_tile;
  int row = absolute / p.tile_columns;
  ivec2 at = ivec2(absolute - row * p.tile_columns, row);
  // Every place is reckoned from the one before it: llvmpipe writes lane after lane, and what is reckoned for one store alone LLVM reckons anew
  // for each lane.
#ifdef WIDE
  vec4 first[6][6], second[6][6];
  transform(at, y * 2, 0, first);
  transform(at, min(y * 2 + 1, p.blocks - 1), 0, second);
  int to = y * p.pitch + tile, step = p.v_rows / 2 * p.pitch;
  [[unroll]] for (int i = 0; i < 6; i++) {
    [[unroll]] for (int j = 0; j < 6; j++) {
      v[to] = row_pair(first[i][j], second[i][j]);
      to += step;
    }
  }
#else
  CHANNELS points[6][6];
  transform(at, y, pair, points);
  int to = y * p.pitch * kPairs + x, step = p.v_rows * p.pitch * kPairs;
  [[unroll]] for (int i = 0; i < 6; i++) {
    [[unroll]] for (int j = 0; j < 6; j++) {
      v[to] = points[i][j];
      to += step;
    }
  }
#endif
}
