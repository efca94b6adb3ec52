// resample: separable, rows and columns through the weights that the device uses too.
#include "base/resample_weights.h"
#include "impasto/image.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace impasto {
namespace {

// Down the columns of a picture with rows of `row` values; sums in double so that the order of the passes does not show.
std::vector<float> resample_rows(const std::vector<float>& in, std::size_t row,
                                 const ResampleWeights& weights) {
  const auto taps = static_cast<std::size_t>(weights.taps);
  std::vector<float> out(weights.first.size() * row);
  std::vector<double> sum(row);
  for (std::size_t y = 0; y < weights.first.size(); ++y) {
    std::fill(sum.begin(), sum.end(), 0.0);
    for (std::size_t k = 0; k < taps; ++k) {
      const double weight = weights.weights[y * taps + k];
      const float* source = in.data() + (static_cast<std::size_t>(weights.first[y]) + k) * row;
      for (std::size_t x = 0; x < row; ++x) sum[x] += weight * source[x];
    }
    for (std::size_t x = 0; x < row; ++x) out[y * row + x] = static_cast<float>(sum[x]);
  }
  return out;
}

std::vector<float> resample_columns(const std::vector<float>& in, int in_width, int channels,
                                    const ResampleWeights& weights) {
  const auto taps = static_cast<std::size_t>(weights.taps);
  const auto depth = static_cast<std::size_t>(channels);
  const std::size_t row = static_cast<std::size_t>(in_width) * depth;
  std::vector<float> out;
  out.reserve(in.size() / row * weights.first.size() * depth);
  for (std::size_t begin = 0; begin < in.size(); begin += row) {
    for (std::size_t x = 0; x < weights.first.size(); ++x) {
      for (std::size_t c = 0; c < depth; ++c) {
        const float* source = in.data() + begin + static_cast<std::size_t>(weights.first[x]) * depth + c;
        double sum = 0;
        for (std::size_t k = 0; k < taps; ++k)
          sum += static_cast<double>(weights.weights[x * taps + k]) * source[k * depth];
        out.push_back(static_cast<float>(sum));
      }
    }
  }
  return out;
}

}  // namespace

Image resample(const Image& image, int width, int height, Filter filter) {
  assert(width > 0 && height > 0 && image.width > 0 && image.height > 0);
  if (width == image.width && height == image.height) return image;
  const ResampleWeights across = resample_weights(image.width, width, filter);
  const ResampleWeights down = resample_weights(image.height, height, filter);
  const auto both = [&](const std::vector<float>& values, int channels) {
    return resample_rows(resample_columns(values, image.width, channels, across),
                         static_cast<std::size_t>(width) * static_cast<std::size_t>(channels), down);
  };
  Image out{width, height, both(image.rgb, 3), {}};
  if (!image.alpha.empty()) out.alpha = both(image.alpha, 1);
  return out;
}

}  // namespace impasto
