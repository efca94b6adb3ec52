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

// Where a tensor's first pixel lies in a picture of rows of interleaved RGB floats, variable_range·x.
struct PictureWindow {
  vulkan::Region picture;
  int width = 0;  // of the picture
  int top = 0;
  int left = 0;
};

// out: a tensor of three channels, of the window's size.
void preprocess(Context& context, const PictureWindow& window, const Tensor& out, const Preprocess& settings);

// The window (+)= factor times the gradient of the network's input, scaled and in RGB order. factor: a float on the device.
void preprocess_gradient(Context& context, const Tensor& gradient, const PictureWindow& window,
                         const Preprocess& settings, bool accumulate, const vulkan::Region& factor);

}  // namespace impasto::kernels
