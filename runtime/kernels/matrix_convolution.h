// The convolutions of convolution.h as products of cooperative matrices, where a device has them: features and weights in fp16, summed in
// fp32, without scratch.
#pragma once

#include "kernels/convolution.h"

namespace impasto::kernels {

// Whether the device has matrices that are worth it, and this build their shaders: these need glslc 2023.7 or later.
bool has_matrix_convolution(const vulkan::Caps& caps);

void matrix_forward(Context& context, const ConvolutionWeights& weights, const Tensor& in, const Tensor& out,
                    const vulkan::Region& mask, Padding padding);
void matrix_forward(Context& context, const ConvolutionWeights& weights, const Tensor& in,
                    const PooledMap& out, Padding padding);

// margin: pixels that in_gradient has on each side around out_gradient.
void matrix_backward(Context& context, const ConvolutionWeights& weights, const Tensor& out_gradient,
                     const Tensor& in_gradient, int margin, const vulkan::Region& mask, bool accumulate);
void matrix_backward(Context& context, const ConvolutionWeights& weights, const PooledMap& out_gradient,
                     const Tensor& in_gradient, int margin, const vulkan::Region& mask, bool accumulate);

}  // namespace impasto::kernels
