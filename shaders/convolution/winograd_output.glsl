// Winograd's output transform Aᵀ M A of a tile and block of four channels. Expects m_in, and p with padded_blocks and pitch.
void output_tile(int tile, int block, out vec4 result[kTile][kTile]) {
  int from = texel_of_row(block, tile, p.pitch), step = texel_of_row(p.padded_blocks, 0, p.pitch);
  vec4 rows[6][4];
  [[unroll]] for (int i = 0; i < 6; i++) {
    vec4 m[6];
    [[unroll]] for (int j = 0; j < 6; j++) {
      m[j] = LOAD(m_in, from);
      from += step;
    }
    output_transform(m, rows[i]);
  }
  [[unroll]] for (int x = 0; x < kTile; x++) {
    vec4 q[6], y[4];
    [[unroll]] for (int i = 0; i < 6; i++) q[i] = rows[i][x];
    output_transform(q, y);
    [[unroll]] for (int i = 0; i < kTile; i++) result[i][x] = y[i];
  }
}
