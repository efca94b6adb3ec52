// The content loss of one layer: weight · Σ (F − P)², Gatys, Ecker and Bethge, "Image Style Transfer Using
// Convolutional Neural Networks" (2016), equation 1, whatever factor a recipe has folded into the weight.
#pragma once

#include "kernels/tensor.h"
#include "kernels/term.h"

namespace impasto::kernels {

int content_partials(const Shape& shape);

// Partial sums of Σ (F − P)² into the term, from first_partial on. F is `features`, P is `wanted`, of the same shape.
void content_loss(Context& context, const Tensor& features, const Tensor& wanted, const vulkan::Region& term,
                  int first_partial = 0);

// gradient (+)= 2 · weight · (F − P) where F > 0 and 0 elsewhere: the gradient before the ReLU that made F
// (equation 2).
void content_gradient(Context& context, const Tensor& features, const Tensor& wanted,
                      const vulkan::Region& term, const Tensor& gradient, bool accumulate);

}  // namespace impasto::kernels
