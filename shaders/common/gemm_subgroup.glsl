// kGemmRows rows × COLUMNS·LANES columns of  sum over k of A[row][k]·B[k][column]  in one subgroup of LANES lanes, for drivers that run
// on a CPU: a lane is a column; each lane fetches a part of A and hands it round by shuffles, which cost a tenth of a load there.
//
// The including shader defines LANES, COLUMNS (per lane) and kFetches, of a row of A in a step, and with k in blocks of four:
//   vec4 fetch_rows(int row, int k4)         four k of row `row` of A
//   vec4 fetch_rows_transposed(int row4, int k)  rows 4·row4 … +3 of A at k
//   vec4 fetch_column(int j, int k4)         four k of this lane's j-th column of B
//   void store_rows(int row8, int j, vec4 first, vec4 second)  eight rows of this lane's j-th column
// A must be zero beyond the end of k up to a multiple of kGemmRows, B finite.

const int kBlocks = LANES / 4;  // of four k, that a fetch of A covers

void gemm(int contraction, int first_row, bool transposed) {
  int lane = int(gl_SubgroupInvocationID);
  float sum[kGemmRows][COLUMNS];
  [[unroll]] for (int i = 0; i < kGemmRows; i++) [[unroll]] for (int j = 0; j < COLUMNS; j++) sum[i][j] = 0.0;

  for (int k4 = 0; k4 < contraction; k4 += kFetches * kBlocks) {
    // Each fetch of the subgroup brings four rows: transposed, a lane has all four at one k, else one of them at four k. Then what is
    // handed round for one row comes from one to four registers.
    vec4 a[kFetches][kGemmRows / 4];
    [[unroll]] for (int f = 0; f < kFetches; f++) {
      int first = k4 + f * kBlocks;
      if (transposed) {
        [[unroll]] for (int q = 0; q < kGemmRows / 4; q++) a[f][q] = fetch_rows_transposed(first_row / 4 + q, first * 4 + lane);
      } else {
        [[unroll]] for (int q = 0; q < kGemmRows / 4; q++) a[f][q] = fetch_rows(first_row + q * 4 + lane / kBlocks, first + lane % kBlocks);
      }
    }
    vec4 b[kFetches * kBlocks][COLUMNS];
    [[unroll]] for (int u = 0; u < kFetches * kBlocks; u++)
      [[unroll]] for (int j = 0; j < COLUMNS; j++) b[u][j] = fetch_column(j, k4 + u);
    // A row of sums at a time: they fit the registers, and an addition does not wait for the one before it.
    [[unroll]] for (int i = 0; i < kGemmRows; i++) {
      [[unroll]] for (int f = 0; f < kFetches; f++) {
        [[unroll]] for (int k = 0; k < LANES; k++) {
          float w = transposed ? subgroupShuffle(a[f][i / 4][i % 4], uint(k))
                               : subgroupShuffle(a[f][i / 4][k % 4], uint(i % 4 * kBlocks + k / 4));
          [[unroll]] for (int j = 0; j < COLUMNS; j++) sum[i][j] = fma(w, b[f * kBlocks + k / 4][j][k % 4], sum[i][j]);
        }
      }
    }
  }
  [[unroll]] for (int q = 0; q < kGemmRows; q += 8)
    [[unroll]] for (int j = 0; j < COLUMNS; j++)
      store_rows((first_row + q) / 8, j, vec4(sum[q][j], sum[q + 1][j], sum[q + 2][j], sum[q + 3][j]),
                 vec4(sum[q + 4][j], sum[q + 5][j], sum[q + 6][j], sum[q + 7][j]));
}
