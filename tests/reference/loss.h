// The terms of the objective over features, in the general form that recipes are rows of.
#pragma once

#include "impasto/recipe.h"
#include "reference/array.h"

#include <cstddef>
#include <vector>

namespace impasto::reference {

using Matrix = std::vector<double>;  // C × C, row by row

struct Term {
  double value = 0;
  Array gradient;  // d value / d features
};

// What F Fᵀ is divided by.
double divisor_of(GramDivisor divisor, const Array& features);

// What a sum over so many entries is multiplied by.
double reduction_factor(Reduction reduction, size_t entries);

// F Fᵀ / divisor (Gatys et al., CVPR 2016, equation 3, before normalisation).
Matrix gram(const Array& features, double divisor);

// d loss / d F = (D + Dᵀ) F / divisor, where D = d loss / d G.
Array gram_gradient(const Matrix& d_gram, const Array& features, double divisor);

// weight · factor · reduction((G − target)²); image_area is H·W of the picture.
Term style_term(const Recipe& recipe, double weight, const Array& features, const Matrix& target,
                double image_area);

// weight · reduction((F − target)²)
Term content_term(Reduction reduction, double weight, const Array& features, const Array& target);

}  // namespace impasto::reference
