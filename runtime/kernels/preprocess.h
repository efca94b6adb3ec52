// From the optimised picture to the network's input, and the gradient back.
#pragma once

#include "kernels/library.h"
#include "kernels/tensor.h"

#include <array>

namespace impasto::kernels {

// Network channel k is scale[c]·z[c] − mean[c] where c is the picture's channel for k: 2 − k for BGR, else k.
struct Preprocess {
  std::array<float, 3> scale{1, 1, 1};  // RGB order
  std::array<float, 3> mean{};          // RGB order
  bool bgr = true;
};

// image: H × W × 3 interleaved floats in RGB order, variable_range·x.  out: a tensor of three channels, H ×
// W.
void preprocess(Context& context, const vulkan::Region& image, const Tensor& out, const Preprocess& settings);

// image_gradient (+)= the gradient of the network's input, scaled and in RGB order.
void preprocess_gradient(Context& context, const Tensor& gradient, const vulkan::Region& image_gradient,
                         const Preprocess& settings, bool accumulate);

}  // namespace impasto::kernels
