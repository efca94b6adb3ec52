// The weights of one axis of a resampling.
#include "base/resample_weights.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace impasto {
namespace {

double triangle(double x) {
  return std::max(0.0, 1.0 - std::abs(x));
}

// Keys, "Cubic convolution interpolation for digital image processing" (1981), equation 15, a = -1/2.
double keys(double x) {
  const double t = std::abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}

double sinc(double x) {
  const double angle = std::numbers::pi * x;
  return std::abs(x) < 1e-9 ? 1 : std::sin(angle) / angle;
}

double lanczos3(double x) {
  return std::abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
}

struct Kernel {
  double (*value)(double);
  double radius;
};

Kernel kernel_of(Filter filter) {
  switch (filter) {
    case Filter::bilinear:
      return {triangle, 1};
    case Filter::bicubic:
      return {keys, 2};
    case Filter::lanczos:
      break;
  }
  return {lanczos3, 3};
}

// The inputs that one output sees: those whose centres lie strictly inside the filter's support.
struct Reach {
  double centre;
  int begin;
  int end;
};

Reach reach_of(int index, double scale, double support) {
  const double centre = (index + 0.5) * scale;
  return {centre, static_cast<int>(std::floor(centre - support - 0.5)) + 1,
          static_cast<int>(std::ceil(centre + support - 0.5))};
}

}  // namespace

ResampleWeights resample_weights(int in, int out, Filter filter) {
  assert(in > 0 && out > 0);
  const Kernel kernel = kernel_of(filter);
  const double scale = static_cast<double>(in) / out;
  const double stretch = std::max(1.0, scale);
  const double support = kernel.radius * stretch;

  ResampleWeights result;
  for (int i = 0; i < out; ++i) {
    const Reach reach = reach_of(i, scale, support);
    result.taps = std::max(result.taps, reach.end - reach.begin);
  }
  result.taps = std::min(result.taps, in);

  const auto taps = static_cast<std::size_t>(result.taps);
  result.first.resize(static_cast<std::size_t>(out));
  result.weights.resize(static_cast<std::size_t>(out) * taps);
  std::vector<double> row(taps);
  for (int i = 0; i < out; ++i) {
    const Reach reach = reach_of(i, scale, support);
    const int first = std::clamp(reach.begin, 0, in - result.taps);
    std::fill(row.begin(), row.end(), 0.0);
    double sum = 0;
    for (int j = reach.begin; j < reach.end; ++j) {
      const double weight = kernel.value((j + 0.5 - reach.centre) / stretch);
      row[static_cast<std::size_t>(std::clamp(j, 0, in - 1) - first)] += weight;
      sum += weight;
    }
    result.first[static_cast<std::size_t>(i)] = first;
    std::transform(row.begin(), row.end(), result.weights.begin() + static_cast<std::ptrdiff_t>(i * taps),
                   [sum](double weight) { return static_cast<float>(weight / sum); });
  }
  return result;
}

}  // namespace impasto
