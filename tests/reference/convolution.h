// 3×3 convolution with stride one, as VGG has it (Simonyan & Zisserman, arXiv:1409.1556, section 2.1), and
// its data gradient.
#pragma once

#include "reference/array.h"

#include <vector>

namespace impasto::reference {

enum class Padding { zero, replicate };  // of one pixel on each side

struct Kernel {
  int outputs = 0;
  int inputs = 0;
  std::vector<double> weights;  // outputs × inputs × 3 × 3
  std::vector<double> bias;     // outputs

  double weight(int o, int i, int ky, int kx) const {
    return weights[((size_t(o) * size_t(inputs) + size_t(i)) * 3 + size_t(ky)) * 3 + size_t(kx)];
  }
};

// out[o, y, x] = bias[o] + Σ weight[o, i, ky, kx] · in[i, y + ky − 1, x + kx − 1]
Array convolve(const Array& in, const Kernel& kernel, Padding padding = Padding::zero);

// d loss / d in from d loss / d out.
Array convolve_gradient(const Array& d_out, const Kernel& kernel, Padding padding = Padding::zero);

// max(0, x), and its gradient: passes where the activation is positive, so nothing at zero.
Array relu(const Array& in);
Array relu_gradient(const Array& d_out, const Array& activation);

}  // namespace impasto::reference
