// The product of cooperative matrices that shaders/convolution/matrix.glsl makes, done on the CPU index by index: packed weights, patches with
// their border in slabs of channels, matrices of every shape, fp16 operands and fp32 sums.
#include "base/half_float.h"
#include "catch.h"
#include "convolution/push.h"
#include "kernels/convolution_weights.h"
#include "reference/convolution.h"
#include "support/random.h"
#include "vulkan/caps.h"

#include <algorithm>
#include <array>
#include <vector>

namespace impasto::test {
namespace {

constexpr int kRows = 32, kHaloColumns = shared::kPatchColumns + 2, kSlab = shared::kMatrixSlab;

float rounded(double value) {
  return half_to_float(float_to_half(static_cast<float>(value)));
}

struct Patch {
  int top, left;
  std::vector<float> staged;  // (kPatchRows + 2) × kHaloColumns × kSlab
};

Patch stage(const reference::Array& in, int slab, int top, int left) {
  Patch patch{top, left, {}};
  for (int y = top - 1; y < top + shared::kPatchRows + 1; y++)
    for (int x = left - 1; x < left + shared::kPatchColumns + 1; x++)
      for (int c = slab * kSlab; c < (slab + 1) * kSlab; c++) {
        const bool exists = y >= 0 && y < in.height && x >= 0 && x < in.width && c < in.channels;
        patch.staged.push_back(exists ? rounded(in.at(c, y, x)) : 0);
      }
  return patch;
}

// sums += A·B of one tap, where A is rows × depth and B the pixels of half a patch, moved by the tap.
void multiply(const std::vector<float>& packed, int rows, int first_row, const Patch& patch, int slab,
              int tap, int half, const vulkan::MatrixShape& matrix, std::vector<float>& sums) {
  const int m = int(matrix.rows), n = int(matrix.columns), depth = int(matrix.depth);
  const int strips = shared::kPatchColumns / n, pixels = shared::kPatchRows * shared::kPatchColumns;
  for (int k0 = 0; k0 < kSlab; k0 += depth)
    for (int i = 0; i < kRows / m; i++)
      for (int j = 0; j < pixels / 2 / n; j++)
        for (int row = i * m; row < (i + 1) * m; row++)
          for (int column = 0; column < n; column++) {
            const int y = half * shared::kPatchRows / 2 + j / strips, x = j % strips * n + column;
            float& sum = sums[size_t(row * pixels + y * shared::kPatchColumns + x)];
            for (int k = k0; k < k0 + depth; k++) {
              const size_t a =
                  ((size_t(slab) * 9 + size_t(tap)) * size_t(rows) + size_t(first_row + row)) * kSlab;
              const size_t b = size_t((y + tap / 3) * kHaloColumns + x + tap % 3) * kSlab;
              sum += rounded(packed[a + size_t(k)]) * patch.staged[b + size_t(k)];
            }
          }
}

reference::Array product(const std::vector<float>& packed, const reference::Array& in, int outputs,
                         const vulkan::MatrixShape& matrix) {
  reference::Array out(outputs, in.height, in.width);
  const int rows = kernels::matrix_rows(outputs);
  for (int top = 0; top < in.height; top += shared::kPatchRows)
    for (int left = 0; left < in.width; left += shared::kPatchColumns)
      for (int first_row = 0; first_row < rows; first_row += kRows) {
        std::vector<float> sums(size_t(kRows * shared::kPatchRows * shared::kPatchColumns), 0.0f);
        for (int slab = 0; slab < kernels::matrix_slabs(in.channels); slab++) {
          const Patch patch = stage(in, slab, top, left);
          for (int tap = 0; tap < 9; tap++)
            for (const int half : {0, 1})
              multiply(packed, rows, first_row, patch, slab, tap, half, matrix, sums);
        }
        for (int row = 0; row < kRows && first_row + row < outputs; row++)
          for (int y = top; y < std::min(top + shared::kPatchRows, in.height); y++)
            for (int x = left; x < std::min(left + shared::kPatchColumns, in.width); x++)
              out.at(first_row + row, y, x) =
                  sums[size_t((row * shared::kPatchRows + y - top) * shared::kPatchColumns + x - left)];
      }
  return out;
}

reference::Array halves(reference::Array array) {
  for (double& value : array.data) value = rounded(value);
  return array;
}

}  // namespace

TEST_CASE("products of packed weights and staged pixels are the convolution and its data gradient") {
  for (const auto& [inputs, outputs, height, width] :
       {std::array{5, 40, 9, 17}, std::array{33, 8, 3, 35}, std::array{64, 33, 17, 5}}) {
    const reference::Array random = halves(random_array(outputs, inputs, 9, 7));
    const std::vector<float> weights(random.data.begin(), random.data.end()), bias(size_t(outputs), 0.0f);
    const kernels::ConvolutionKernel kernel{inputs, outputs, weights, bias};
    const reference::Kernel loops{outputs, inputs, random.data, std::vector<double>(size_t(outputs), 0.0)};
    const reference::Array in = halves(random_array(inputs, height, width, 3));
    const reference::Array gradient = halves(random_array(outputs, height, width, 5));
    const std::vector<float> forward = kernels::pack_matrix_forward(kernel),
                             backward = kernels::pack_matrix_backward(kernel);
    CHECK(forward.size() * 2 == kernels::matrix_weight_bytes(inputs, outputs));
    CHECK(backward.size() * 2 == kernels::matrix_weight_bytes(outputs, inputs));
    for (const vulkan::MatrixShape& matrix :
         {vulkan::MatrixShape{8, 8, 8}, {16, 16, 16}, {16, 8, 16}, {8, 16, 16}, {16, 8, 8}}) {
      CAPTURE(inputs, outputs, matrix.rows, matrix.columns, matrix.depth);
      CHECK(reference::relative_error(product(forward, in, outputs, matrix),
                                      reference::convolve(in, loops, reference::Padding::zero)) < 1e-6);
      CHECK(reference::relative_error(
                product(backward, gradient, inputs, matrix),
                reference::convolve_gradient(gradient, loops, reference::Padding::zero)) < 1e-6);
    }
  }
}

}  // namespace impasto::test
