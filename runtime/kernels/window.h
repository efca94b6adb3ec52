// Blocks of tensors: cut out, put back with zeros around or added up where they overlap, and what surrounds them.
#pragma once

#include "kernels/library.h"
#include "kernels/tensor.h"

namespace impasto::kernels {

// What is copied: `from` of the tensor that is read, whose top left pixel comes to lie at (top, left) of the one that is written.
struct Move {
  Rect from;
  int top = 0;
  int left = 0;
};

// out (+)= the block that move says, for the pixels `to` of out; what of them it does not reach (+)= zero. Of the same channels.
void copy_window(Context& context, const Tensor& in, const Tensor& out, const Move& move, const Rect& to,
                 bool accumulate = false);

// Zero in every pixel outside of `kept`.
void clear_around(Context& context, const Tensor& tensor, const Rect& kept);

}  // namespace impasto::kernels
