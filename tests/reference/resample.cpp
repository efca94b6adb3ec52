// Resampling by the filter's definition, one axis after the other.
#include "reference/image.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace impasto::reference {
namespace {

double radius(Filter filter) {
  return filter == Filter::bilinear ? 1 : filter == Filter::bicubic ? 2 : 3;
}

double sinc(double x) {
  return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

// Keys, IEEE Trans. ASSP 29 (1981), equation 15: a = −1/2.
double keys(double x) {
  return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
}

double filter_at(Filter filter, double x) {
  x = std::abs(x);
  if (x >= radius(filter)) return 0;
  switch (filter) {
    case Filter::bilinear:
      return 1 - x;
    case Filter::bicubic:
      return keys(x);
    case Filter::lanczos:
      return sinc(x) * sinc(x / 3);
  }
  return 0;
}

Array resample_columns(const Array& in, int width, Filter filter) {
  Array out(in.channels, in.height, width);
  const double scale = double(in.width) / width;
  const double stretch = std::max(scale, 1.0);
  const double reach = radius(filter) * stretch;
  for (int x = 0; x < width; ++x) {
    const double centre = (x + 0.5) * scale;
    double total = 0;
    for (int i = int(std::floor(centre - reach)); i <= int(std::ceil(centre + reach)); ++i) {
      const double weight = filter_at(filter, (i + 0.5 - centre) / stretch);
      total += weight;
      for (int c = 0; c < in.channels; ++c)
        for (int y = 0; y < in.height; ++y)
          out.at(c, y, x) += weight * in.at(c, y, std::clamp(i, 0, in.width - 1));
    }
    for (int c = 0; c < in.channels; ++c)
      for (int y = 0; y < in.height; ++y) out.at(c, y, x) /= total;
  }
  return out;
}

Array transpose(const Array& in) {
  Array out(in.channels, in.width, in.height);
  for (int c = 0; c < in.channels; ++c)
    for (int y = 0; y < in.height; ++y)
      for (int x = 0; x < in.width; ++x) out.at(c, x, y) = in.at(c, y, x);
  return out;
}

}  // namespace

Array resample(const Array& in, int width, int height, Filter filter) {
  const Array narrow = resample_columns(in, width, filter);
  return transpose(resample_columns(transpose(narrow), height, filter));
}

}  // namespace impasto::reference
