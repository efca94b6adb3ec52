// Gram matrices and the squared differences of them and of features.
#include "reference/loss.h"

#include <cassert>
#include <cmath>

namespace impasto::reference {
namespace {

double style_factor(StyleFactor factor, const Array& features, double image_area) {
  const double c = features.channels;
  const double n = double(features.pixels());
  switch (factor) {
    case StyleFactor::one:
      return 1;
    case StyleFactor::per_channels_squared:
      return 1 / (c * c);
    case StyleFactor::image_area:
      return 1 / (4 * 9 * image_area * image_area);
    case StyleFactor::gatys_paper:
      return 1 / (4 * c * c * n * n);
  }
  return 0;
}

// factor·Σ(a − b)², and 2·factor·(a − b) into gradient.
double squared_difference(const std::vector<double>& a, const std::vector<double>& b, double factor,
                          std::vector<double>& gradient) {
  assert(a.size() == b.size());
  gradient.resize(a.size());
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double difference = a[i] - b[i];
    sum += difference * difference;
    gradient[i] = 2 * factor * difference;
  }
  return factor * sum;
}

}  // namespace

double reduction_factor(Reduction reduction, size_t entries) {
  switch (reduction) {
    case Reduction::mean:
      return 1.0 / double(entries);
    case Reduction::sum:
      return 1;
    case Reduction::half_sum:
      return 0.5;
  }
  return 0;
}

double divisor_of(GramDivisor divisor, const Array& features) {
  switch (divisor) {
    case GramDivisor::one:
      return 1;
    case GramDivisor::n:
      return double(features.pixels());
    case GramDivisor::channels_times_n:
      return double(features.data.size());
  }
  return 0;
}

Matrix gram(const Array& features, double divisor) {
  const size_t channels = size_t(features.channels);
  const size_t n = features.pixels();
  Matrix result(channels * channels);
  for (size_t i = 0; i < channels; ++i)
    for (size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (size_t k = 0; k < n; ++k) sum += features.data[i * n + k] * features.data[j * n + k];
      result[i * channels + j] = result[j * channels + i] = sum / divisor;
    }
  return result;
}

Array gram_gradient(const Matrix& d_gram, const Array& features, double divisor) {
  const size_t channels = size_t(features.channels);
  const size_t n = features.pixels();
  Array gradient = features.like();
  for (size_t i = 0; i < channels; ++i)
    for (size_t j = 0; j < channels; ++j) {
      const double d = (d_gram[i * channels + j] + d_gram[j * channels + i]) / divisor;
      for (size_t k = 0; k < n; ++k) gradient.data[i * n + k] += d * features.data[j * n + k];
    }
  return gradient;
}

Term style_term(const Recipe& recipe, double weight, const Array& features, const Matrix& target,
                double image_area) {
  const double divisor = divisor_of(recipe.gram_divisor, features);
  const double factor = weight * style_factor(recipe.style_factor, features, image_area) *
                        reduction_factor(recipe.style_reduction, target.size());
  Matrix d_gram;
  const double value = squared_difference(gram(features, divisor), target, factor, d_gram);
  return {value, gram_gradient(d_gram, features, divisor)};
}

Term content_term(Reduction reduction, double weight, const Array& features, const Array& target) {
  assert(features.same_shape(target));
  Term term{0, features.like()};
  const double factor = weight * reduction_factor(reduction, features.data.size());
  term.value = squared_difference(features.data, target.data, factor, term.gradient.data);
  return term;
}

}  // namespace impasto::reference
