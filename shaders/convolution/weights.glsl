// Where Winograd's U lies, weights in the transform's domain: 36 points × weight_rows / kGemmRows × weight_blocks × kGemmRows texels of four
// input channels, so that a product of kGemmRows rows reads its weights from one end to the other. Expects p with those two.

// The kernel rotated by 180° has the transform U_rot[i][j] = sign[i]·sign[j]·U[permuted i][permuted j] (the points are closed under
// reciprocal); the signs ride in the input transform.
const int kPermutation[6] = int[6](5, 3, 4, 1, 2, 0);

int first_weight(bool rotated, int point) {
  int of_kernel = rotated ? kPermutation[point / 6] * 6 + kPermutation[point % 6] : point;
  return of_kernel * p.weight_blocks * p.weight_rows;
}

int weight_texel(int first, int row, int block) {
  uint r = uint(row);  // a division of an int by a power of two is no shift
  return first + (int(r / kGemmRows) * p.weight_blocks + block) * kGemmRows + int(r % kGemmRows);
}
