// Convolution by padding first, so that the loops have no special cases; the gradient folds what fell on the
// padding back.
#include "reference/convolution.h"

#include <algorithm>
#include <cassert>

namespace impasto::reference {
namespace {

// The row or column of the picture that a padded one shows.
int source(int padded, int size) {
  return std::clamp(padded - 1, 0, size - 1);
}

bool inside(int padded, int size) {
  return padded >= 1 && padded <= size;
}

Array pad(const Array& in, Padding padding) {
  Array out(in.channels, in.height + 2, in.width + 2);
  for (int c = 0; c < in.channels; ++c)
    for (int y = 0; y < out.height; ++y)
      for (int x = 0; x < out.width; ++x)
        if (padding == Padding::replicate || (inside(y, in.height) && inside(x, in.width)))
          out.at(c, y, x) = in.at(c, source(y, in.height), source(x, in.width));
  return out;
}

Array pad_gradient(const Array& d_padded, Padding padding) {
  Array d_in(d_padded.channels, d_padded.height - 2, d_padded.width - 2);
  for (int c = 0; c < d_in.channels; ++c)
    for (int y = 0; y < d_padded.height; ++y)
      for (int x = 0; x < d_padded.width; ++x)
        if (padding == Padding::replicate || (inside(y, d_in.height) && inside(x, d_in.width)))
          d_in.at(c, source(y, d_in.height), source(x, d_in.width)) += d_padded.at(c, y, x);
  return d_in;
}

}  // namespace

Array convolve(const Array& in, const Kernel& kernel, Padding padding) {
  assert(in.channels == kernel.inputs);
  const Array padded = pad(in, padding);
  Array out(kernel.outputs, in.height, in.width);
  for (int o = 0; o < kernel.outputs; ++o) {
    std::fill_n(&out.at(o, 0, 0), out.pixels(), kernel.bias[size_t(o)]);
    for (int i = 0; i < kernel.inputs; ++i)
      for (int y = 0; y < in.height; ++y)
        for (int ky = 0; ky < 3; ++ky)
          for (int kx = 0; kx < 3; ++kx) {
            const double weight = kernel.weight(o, i, ky, kx);
            const double* from = &padded.data[padded.index(i, y + ky, kx)];
            double* to = &out.at(o, y, 0);
            for (int x = 0; x < in.width; ++x) to[x] += weight * from[x];
          }
  }
  return out;
}

Array convolve_gradient(const Array& d_out, const Kernel& kernel, Padding padding) {
  assert(d_out.channels == kernel.outputs);
  Array d_padded(kernel.inputs, d_out.height + 2, d_out.width + 2);
  for (int i = 0; i < kernel.inputs; ++i)
    for (int o = 0; o < kernel.outputs; ++o)
      for (int y = 0; y < d_out.height; ++y)
        for (int ky = 0; ky < 3; ++ky)
          for (int kx = 0; kx < 3; ++kx) {
            const double weight = kernel.weight(o, i, ky, kx);
            const double* from = &d_out.data[d_out.index(o, y, 0)];
            double* to = &d_padded.at(i, y + ky, kx);
            for (int x = 0; x < d_out.width; ++x) to[x] += weight * from[x];
          }
  return pad_gradient(d_padded, padding);
}

Array relu(const Array& in) {
  Array out = in;
  for (double& value : out.data) value = std::max(value, 0.0);
  return out;
}

Array relu_gradient(const Array& d_out, const Array& activation) {
  assert(d_out.same_shape(activation));
  Array d_in = d_out;
  for (size_t i = 0; i < d_in.data.size(); ++i)
    if (!(activation.data[i] > 0)) d_in.data[i] = 0;
  return d_in;
}

}  // namespace impasto::reference
