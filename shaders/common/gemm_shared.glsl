// A tile of kTileRows × kTileColumns of  sum over k of A[row][k]·B[k][column]  in shared memory, for any GPU: sixteen invocations every eight
// rows, 8 × COLUMNS results each. Whatever the tile, every sum is taken in the same order.
//
// The including shader defines, with k in blocks of four:
//   mat4 load_rows(int row4, int k4)   rows 4·row4 … +3 of A as columns of the matrix, their four k as components (zero beyond the end)
//   vec4 load_column(int column, int k4)  four k of one column of B (finite beyond the end)
//   void store_rows(int row4, int column, vec4 values)  four rows of one column (ignores what is beyond the end)
// and calls gemm(contraction), contraction in blocks of four.
layout(constant_id = 2) const int kTileRows = 64;
#ifndef COLUMNS
#define COLUMNS 4
#endif
const int kTileColumns = 16 * COLUMNS;
const int kGemmBlocks = 4;  // of four k, per step

shared vec4 shared_a[kGemmBlocks][kTileRows];
shared vec4 shared_b[kGemmBlocks][kTileColumns];

void gemm(int contraction, int row_tile, int column_tile) {
  int thread = int(gl_LocalInvocationIndex);
  int my_row = thread / 16 * 8, my_column = thread % 16;  // rows my_row … +7; columns my_column + 16·j
  float sum[8][COLUMNS];
  [[unroll]] for (int i = 0; i < 8; i++) [[unroll]] for (int j = 0; j < COLUMNS; j++) sum[i][j] = 0.0;

  for (int k = 0; k < contraction; k += kGemmBlocks) {
    barrier();
    if (thread < kTileRows) {
      int row4 = thread % (kTileRows / 4), step = thread / (kTileRows / 4);
      mat4 a = load_rows(row_tile * (kTileRows / 4) + row4, k + step);
      [[unroll]] for (int i = 0; i < 4; i++) shared_a[step][row4 * 4 + i] = a[i];
    }
    for (int i = thread; i < kTileColumns * kGemmBlocks; i += kTileRows * 2) {
      int column = i % kTileColumns, step = i / kTileColumns;
      shared_b[step][column] = load_column(column_tile * kTileColumns + column, k + step);
    }
    barrier();
    [[unroll]] for (int step = 0; step < kGemmBlocks; step++) {
      vec4 b[COLUMNS];
      [[unroll]] for (int j = 0; j < COLUMNS; j++) b[j] = shared_b[step][my_column + 16 * j];
      [[unroll]] for (int i = 0; i < 8; i++) {
        vec4 a = shared_a[step][my_row + i];
        // Not dot(): that is a multiplication, three multiply-adds and an addition; these are four multiply-adds.
        [[unroll]] for (int q = 0; q < 4; q++) [[unroll]] for (int j = 0; j < COLUMNS; j++) sum[i][j] += a[q] * b[j][q];
      }
    }
  }
  [[unroll]] for (int i = 0; i < 2; i++) {
    [[unroll]] for (int j = 0; j < COLUMNS; j++) {
      vec4 four = vec4(sum[i * 4][j], sum[i * 4 + 1][j], sum[i * 4 + 2][j], sum[i * 4 + 3][j]);
      store_rows((row_tile * kTileRows + my_row) / 4 + i, column_tile * kTileColumns + my_column + 16 * j,
                 four);
    }
  }
}
