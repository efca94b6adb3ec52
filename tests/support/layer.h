// A random convolution layer for the host's loops and the device's kernels, and the mask of what one activates.
#pragma once

#include "kernels/convolution.h"
#include "reference/convolution.h"
#include "support/gpu.h"

#include <cstdint>
#include <vector>

namespace impasto::test {

struct Layer {
  reference::Kernel kernel;
  std::vector<float> weights, bias;

  kernels::ConvolutionKernel floats() const { return {kernel.inputs, kernel.outputs, weights, bias}; }
};

Layer random_layer(int inputs, int outputs, uint64_t seed);

// Its bias and Winograd's weights.
kernels::ConvolutionWeights upload_winograd(Arena& arena, const Layer& layer,
                                            Element element = Element::fp32);

// Its bias and the weights for cooperative matrices, which take halves.
kernels::ConvolutionWeights upload_matrix(Arena& arena, const Layer& layer);

constexpr int kWhole = 0;

// Scratch for slabs of so many tiles, or for a whole picture.
kernels::WinogradScratch winograd_scratch(Arena& arena, int read, int written, const kernels::Shape& picture,
                                          int slab = kWhole);

// The mask of an activation as the kernels store it (layout.h).
std::vector<uint32_t> mask_of(const reference::Array& activation);

}  // namespace impasto::test
