// 2×2 pooling with stride 2, and its gradient through the ReLU of the map that was pooled.
#pragma once

#include "impasto/recipe.h"
#include "kernels/library.h"
#include "kernels/tensor.h"

namespace impasto::kernels {

// The shape after pooling; rounding says what becomes of an odd last row or column. Floor makes an empty
// shape of a map one pixel high or wide, which no function below takes.
Shape pooled(const Shape& in, PoolingRounding rounding);

// `out` is pooled(in) of either rounding. A window over the edge takes the maximum or the mean of the pixels
// it has. `choices` gets in.choice_bytes(); of equal pixels the first in row-major order is chosen.
void max_pool_forward(Context& context, const Tensor& in, const Tensor& out, const vulkan::Region& choices);
void average_pool_forward(Context& context, const Tensor& in, const Tensor& out);

// in_gradient = mask ⊙ scatter(out_gradient), or mask ⊙ (scatter(out_gradient) + in_gradient) to accumulate;
// every element is written. The mask is the ReLU's of the map that was pooled.
void max_pool_backward(Context& context, const Tensor& out_gradient, const vulkan::Region& choices,
                       const vulkan::Region& mask, const Tensor& in_gradient, bool accumulate);
void average_pool_backward(Context& context, const Tensor& out_gradient, const vulkan::Region& mask,
                           const Tensor& in_gradient, bool accumulate);

}  // namespace impasto::kernels
