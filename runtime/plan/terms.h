// The terms of a recipe's objective, and the weight that each term's sum of squares is multiplied by.
#pragma once

#include "impasto/recipe.h"
#include "kernels/tensor.h"

#include <cstddef>
#include <string>

namespace impasto::plan {

enum class TermKind { content, style, tv, temporal };

struct Term {
  TermKind kind = TermKind::tv;
  std::string layer;  // "relu4_2"; empty for the last two
  size_t row = 0;     // in the recipe's content_layers or style_layers
  kernels::Shape features;
};

// What F Fᵀ is multiplied by: 1 / divisor.
double gram_scale(const Recipe& recipe, const kernels::Shape& features);

// Of Σ(F − P)², Σ(G − A)², the recipe's TV sum or Σ c·d² over pixels. image: the picture's height and width.
double term_weight(const Recipe& recipe, const Term& term, const kernels::Shape& image);

}  // namespace impasto::plan
