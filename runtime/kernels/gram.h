// The Gram matrix of a layer, its distance to a target, and the gradient of that distance.
#pragma once

#include "library.h"
#include "tensor.h"

namespace impasto::kernels {

// G and A as the device holds them: blocks × 4·blocks texels, G[j][4b … 4b+3] at (b, j); padding channels are
// zero.
uint64_t gram_bytes(int channels);
// D: the same with channels padded to a multiple of kGemmRows.
uint64_t gram_difference_bytes(int channels);
// Partial sums of one Gram matrix of so many features.
uint64_t gram_partial_bytes(const vulkan::Caps& caps, const Shape& shape, const Rect& rect);

// gram (+)= scale · F Fᵀ over the pixels of rect, F: channels × pixels; summed in a fixed order, symmetric. scale is 1 /
// the recipe's divisor.
void gram(Context& context, const Tensor& features, const Rect& rect, float scale,
          const vulkan::Region& partials, const vulkan::Region& gram, bool accumulate = false);

// Partials of Σ(G − A)² into the loss-term block `term` (loss_term.h), and
// difference = 4 · weight · scale · (G − A), with the term's own weight: L = weight · Σ(G − A)² has dL/dF =
// difference · F.
int style_partials(int channels);
void style_difference(Context& context, int channels, float scale, const vulkan::Region& gram,
                      const vulkan::Region& target, const vulkan::Region& difference,
                      const vulkan::Region& term);

// gradient (+)= difference · F where F > 0 (the ReLU mask of the layer is applied here), in rect alone.
void gram_gradient(Context& context, const Tensor& features, const Rect& rect,
                   const vulkan::Region& difference, const Tensor& gradient, bool accumulate);

}  // namespace impasto::kernels
