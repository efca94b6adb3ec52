// Estimates how large gradients will be.
#include "plan/gradient_scale.h"

#include <algorithm>
#include <cmath>

namespace impasto::plan {
namespace {

constexpr double kLargestExponent = 100;  // keeps a scaled weight within float, whatever the recipe

double elements(const kernels::Shape& features) {
  return double(features.channels) * double(features.pixels());
}

// With one strong eigenvalue, as Gram matrices of activations have, the trace of A is near its norm, and that of A³ near its norm's cube.
double typical_feature(const StyleSize& style) {
  return std::sqrt(style.target_norm / (style.scale * elements(style.features)));
}

// Of 4 · weight · scale · A F.
double typical_slope(const StyleSize& style) {
  return 4 * style.weight *
         std::sqrt(style.scale * std::pow(style.target_norm, 3) / elements(style.features));
}

}  // namespace

double typical_gradient(const std::vector<StyleSize>& styles, const std::vector<double>& content_weights) {
  double slope = 0, feature = styles.empty() ? 1 : 0;
  for (const StyleSize& style : styles) {
    slope = std::max(slope, typical_slope(style));
    feature = std::max(feature, typical_feature(style));
  }
  for (const double weight : content_weights) slope = std::max(slope, 2 * weight * feature);
  return slope;
}

double gradient_scale(double typical_gradient) {
  if (!(typical_gradient > 0)) return 1;
  return std::exp2(-std::clamp(std::round(std::log2(typical_gradient)), -kLargestExponent, kLargestExponent));
}

}  // namespace impasto::plan
