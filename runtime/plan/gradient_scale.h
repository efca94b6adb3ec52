// The scale of gradients that are stored in fp16, so that they neither vanish nor overflow.
//
// It follows from what is compared with and from the weights alone, not from the picture, so that a run that is resumed or steered has
// the scale, and with it the bits, of one that was not. A half has 40 binary orders of magnitude, so an estimate that is wrong by three
// decimal ones either way costs nothing.
#pragma once

#include "kernels/tensor.h"

#include <vector>

namespace impasto::plan {

// A style term as the device evaluates it: weight · Σ(G − A)² with G = scale · F Fᵀ.
struct StyleSize {
  double weight = 0;
  double scale = 1;
  double target_norm = 0;  // √Σ A²
  kernels::Shape features;
};

// What the largest of the terms' gradients is at an element of its features, root mean square, for a picture as different from the
// style as from nothing (G = 0) and from the content likewise. content_weights: of Σ(F − P)².
double typical_gradient(const std::vector<StyleSize>& styles, const std::vector<double>& content_weights);

// The power of two that brings it to 1; 1 for none.
double gradient_scale(double typical_gradient);

}  // namespace impasto::plan
