// Blocks of tensors: cut out, put back with zeros around, and added up where they overlap.
#pragma once

#include "kernels/library.h"
#include "kernels/tensor.h"

namespace impasto::kernels {

// Pixels of a tensor or of a picture.
struct Rect {
  int top = 0;
  int left = 0;
  int height = 0;
  int width = 0;
  int bottom() const { return top + height; }
  int right() const { return left + width; }
  bool operator==(const Rect&) const = default;
};

inline Rect all_of(const Shape& shape) {
  return {0, 0, shape.height, shape.width};
}

// What is copied: `from` of the tensor that is read, whose top left pixel comes to lie at (top, left) of the one that is written.
struct Move {
  Rect from;
  int top = 0;
  int left = 0;
};

// out (+)= the block that move says, for the pixels `to` of out; what of them it does not reach (+)= zero. Of the same channels.
void copy_window(Context& context, const Tensor& in, const Tensor& out, const Move& move, const Rect& to,
                 bool accumulate = false);

}  // namespace impasto::kernels
