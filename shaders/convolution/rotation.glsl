// The kernel rotated by 180° has the transform U_rot[i][j] = sign[i]·sign[j]·U[permuted i][permuted j] (the points are closed under
// reciprocal); the signs ride in the input transform.
const int kPermutation[6] = int[6](5, 3, 4, 1, 2, 0);

int rotated_point(bool rotated, int b) { return rotated ? kPermutation[b / 6] * 6 + kPermutation[b % 6] : b; }
