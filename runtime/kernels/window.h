// Blocks of tensors: cut out, and put back with zeros around.
#pragma once

#include "kernels/library.h"
#include "kernels/tensor.h"

namespace impasto::kernels {

// out[y][x] = in[y + down][x + along] for every pixel of out, zero where that is outside of `in`; of the same channels.
void copy_window(Context& context, const Tensor& in, const Tensor& out, int down, int along);

}  // namespace impasto::kernels
