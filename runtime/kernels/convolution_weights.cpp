// Packs convolution weights for the device.
#include "convolution_weights.h"

#include "convolution/push.h"

#include <cassert>
#include <cmath>

namespace impasto::kernels {
namespace {

constexpr int kPoints = 6;

int blocks_of(int channels) {
  return (channels + 3) / 4;
}
int padded(int channels) {
  return (channels + shared::kGemmRows - 1) / shared::kGemmRows * shared::kGemmRows;
}

float weight_at(const ConvolutionKernel& kernel, int output, int input, int tap) {
  return kernel.weights[(size_t(output) * kernel.inputs + input) * 9 + tap];
}

// U = G g Gᵀ with the points 0, ±√2/2, ±√2, ∞ (Lavin & Gray, arXiv:1509.09308, eq. 8).
void transform_kernel(const ConvolutionKernel& kernel, int output, int input, double u[kPoints][kPoints]) {
  const double r = std::sqrt(2.0);
  const double g[kPoints][3] = {{1, 0, 0},
                                {-2.0 / 3, -r / 3, -1.0 / 3},
                                {-2.0 / 3, r / 3, -1.0 / 3},
                                {1.0 / 6, r / 6, 1.0 / 3},
                                {1.0 / 6, -r / 6, 1.0 / 3},
                                {0, 0, 1}};
  double half[kPoints][3] = {};
  for (int i = 0; i < kPoints; i++)
    for (int x = 0; x < 3; x++)
      for (int y = 0; y < 3; y++) half[i][x] += g[i][y] * double(weight_at(kernel, output, input, y * 3 + x));
  for (int i = 0; i < kPoints; i++)
    for (int j = 0; j < kPoints; j++) {
      u[i][j] = 0;
      for (int x = 0; x < 3; x++) u[i][j] += half[i][x] * g[j][x];
    }
}

// weight(row, column, tap): of the product's results, and of what it sums over.
template <typename Weight>
std::vector<float> pack_matrix(int inputs, int outputs, Weight weight) {
  const size_t slab = shared::kMatrixSlab, rows = size_t(matrix_rows(outputs));
  std::vector<float> packed(matrix_weight_bytes(inputs, outputs) / sizeof(uint16_t), 0.0f);
  for (int tap = 0; tap < 9; tap++)
    for (int output = 0; output < outputs; output++)
      for (int input = 0; input < inputs; input++)
        packed[((size_t(input) / slab * 9 + size_t(tap)) * rows + size_t(output)) * slab +
               size_t(input) % slab] = weight(output, input, tap);
  return packed;
}

}  // namespace

uint64_t winograd_weight_bytes(int inputs, int outputs, Element element) {
  return uint64_t{kPoints * kPoints} * padded(inputs) / 4 * padded(outputs) * texel_bytes(element);
}

uint64_t bias_bytes(int outputs) {
  return uint64_t(blocks_of(outputs)) * 16;
}

uint64_t direct_forward_weight_bytes(int inputs, int outputs) {
  return (uint64_t{36} * blocks_of(inputs) + 1) * blocks_of(outputs) * 16;
}

uint64_t direct_backward_weight_bytes(int inputs, int outputs) {
  return uint64_t{36} * blocks_of(outputs) * blocks_of(inputs) * 16;
}

std::vector<float> pack_winograd(const ConvolutionKernel& kernel) {
  const size_t group = shared::kGemmRows, groups = size_t(padded(kernel.outputs)) / group,
               blocks = size_t(padded(kernel.inputs)) / 4;
  std::vector<float> packed(size_t{kPoints * kPoints} * groups * blocks * group * 4, 0.0f);
  double u[kPoints][kPoints];
  for (int output = 0; output < kernel.outputs; output++)
    for (int input = 0; input < kernel.inputs; input++) {
      transform_kernel(kernel, output, input, u);
      const size_t texel =
          (size_t(output) / group * blocks + size_t(input) / 4) * group + size_t(output) % group;
      for (int b = 0; b < kPoints * kPoints; b++)
        packed[(size_t(b) * groups * blocks * group + texel) * 4 + size_t(input) % 4] =
            static_cast<float>(u[b / kPoints][b % kPoints]);
    }
  return packed;
}

std::vector<float> pack_bias(const ConvolutionKernel& kernel) {
  std::vector<float> packed(kernel.bias.begin(), kernel.bias.end());
  packed.resize(size_t(blocks_of(kernel.outputs)) * 4, 0.0f);
  return packed;
}

std::vector<float> pack_direct_forward(const ConvolutionKernel& kernel) {
  const size_t in_channels = size_t(blocks_of(kernel.inputs)) * 4,
               out_channels = size_t(blocks_of(kernel.outputs)) * 4;
  std::vector<float> packed(direct_forward_weight_bytes(kernel.inputs, kernel.outputs) / sizeof(float), 0.0f);
  for (int tap = 0; tap < 9; tap++)
    for (int input = 0; input < kernel.inputs; input++)
      for (int output = 0; output < kernel.outputs; output++)
        packed[(tap * in_channels + input) * out_channels + output] = weight_at(kernel, output, input, tap);
  for (int output = 0; output < kernel.outputs; output++)
    packed[9 * in_channels * out_channels + output] = kernel.bias[output];
  return packed;
}

int matrix_slabs(int inputs) {
  return (inputs + shared::kMatrixSlab - 1) / shared::kMatrixSlab;
}

int matrix_rows(int outputs) {
  return padded(outputs);
}

uint64_t matrix_weight_bytes(int inputs, int outputs) {
  return uint64_t(matrix_slabs(inputs)) * 9 * uint64_t(matrix_rows(outputs)) * shared::kMatrixSlab *
         sizeof(uint16_t);
}

std::vector<float> pack_matrix_forward(const ConvolutionKernel& kernel) {
  return pack_matrix(kernel.inputs, kernel.outputs,
                     [&](int output, int input, int tap) { return weight_at(kernel, output, input, tap); });
}

std::vector<float> pack_matrix_backward(const ConvolutionKernel& kernel) {
  return pack_matrix(kernel.outputs, kernel.inputs, [&](int input, int output, int tap) {
    return weight_at(kernel, output, input, 8 - tap);
  });
}

std::vector<float> pack_direct_backward(const ConvolutionKernel& kernel) {
  const size_t in_channels = size_t(blocks_of(kernel.outputs)) * 4,
               out_channels = size_t(blocks_of(kernel.inputs)) * 4;
  std::vector<float> packed(direct_backward_weight_bytes(kernel.inputs, kernel.outputs) / sizeof(float),
                            0.0f);
  for (int tap = 0; tap < 9; tap++)
    for (int output = 0; output < kernel.outputs; output++)
      for (int input = 0; input < kernel.inputs; input++)
        packed[(tap * in_channels + output) * out_channels + input] =
            weight_at(kernel, output, input, 8 - tap);
  return packed;
}

}  // namespace impasto::kernels
