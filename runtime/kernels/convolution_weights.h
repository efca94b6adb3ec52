// The forms in which the device holds the weights of a 3×3 convolution, packed on the host.
#pragma once

#include "tensor.h"

#include <cstdint>
#include <span>
#include <vector>

namespace impasto::kernels {

// Weights of one layer, OIHW.
struct ConvolutionKernel {
  int inputs = 0;
  int outputs = 0;
  std::span<const float> weights;  // outputs × inputs × 3 × 3
  std::span<const float> bias;     // outputs
};

uint64_t winograd_weight_bytes(int inputs, int outputs, Element element);
uint64_t bias_bytes(int outputs);
uint64_t direct_forward_weight_bytes(int inputs, int outputs);
uint64_t direct_backward_weight_bytes(int inputs, int outputs);

// U = G g Gᵀ for the 36 points, computed in double: 36 × outputs/kGemmRows × inputs/4 × kGemmRows texels of four input channels, both
// padded to multiples of kGemmRows. Serves the data gradient too (shaders/convolution/weights.glsl).
std::vector<float> pack_winograd(const ConvolutionKernel& kernel);

// Of the cooperative matrices' product (shaders/convolution/matrix.glsl): slabs of input channels, and output channels, padded.
int matrix_slabs(int inputs);
int matrix_rows(int outputs);
uint64_t matrix_weight_bytes(int inputs, int outputs);

// slabs × 9 × rows × 16 input channels, to be stored in fp16; backward: the rotated kernel with inputs and outputs exchanged.
std::vector<float> pack_matrix_forward(const ConvolutionKernel& kernel);
std::vector<float> pack_matrix_backward(const ConvolutionKernel& kernel);

// ⌈outputs/4⌉ texels.
std::vector<float> pack_bias(const ConvolutionKernel& kernel);

// 9 × 4·⌈inputs/4⌉ × ⌈outputs/4⌉ texels of four output channels, then the bias.
std::vector<float> pack_direct_forward(const ConvolutionKernel& kernel);

// The rotated kernel with inputs and outputs exchanged: 9 × 4·⌈outputs/4⌉ × ⌈inputs/4⌉ texels of four input
// channels.
std::vector<float> pack_direct_backward(const ConvolutionKernel& kernel);

}  // namespace impasto::kernels
