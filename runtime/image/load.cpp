// load_image: pixels as stored become upright sRGB.
#include "image/colour.h"
#include "image/input.h"
#include "image/orientation.h"
#include "image/stored.h"
#include "impasto/image.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace impasto {
namespace {

void divide_by_alpha(Raster& colour, const Raster& alpha) {
  const auto channels = static_cast<std::size_t>(colour.channels);
  for (std::size_t pixel = 0; pixel < alpha.values.size(); ++pixel) {
    const float opacity = alpha.values[pixel];
    if (opacity <= 0 || opacity == 1) continue;
    for (std::size_t c = 0; c < channels; ++c) colour.values[pixel * channels + c] /= opacity;
  }
}

// Without a profile ink is taken to absorb its own primary and black all three.
std::vector<float> cmyk_to_rgb(const std::vector<float>& cmyk) {
  std::vector<float> rgb;
  rgb.reserve(cmyk.size() / 4 * 3);
  for (std::size_t i = 0; i + 4 <= cmyk.size(); i += 4) {
    for (std::size_t c = 0; c < 3; ++c) rgb.push_back((1 - cmyk[i + c]) * (1 - cmyk[i + 3]));
  }
  return rgb;
}

std::vector<float> grey_to_rgb(const std::vector<float>& grey) {
  std::vector<float> rgb;
  rgb.reserve(grey.size() * 3);
  for (const float value : grey) rgb.insert(rgb.end(), 3, value);
  return rgb;
}

void encode_srgb(std::vector<float>& values, float gamma) {
  for (float& value : values) {
    const float light = gamma == 1 ? value : std::copysign(std::pow(std::abs(value), gamma), value);
    value = linear_to_srgb(light);
  }
}

std::vector<float> to_srgb(Raster colour, const Stored& stored) {
  if (!stored.icc.empty() && stored.icc != srgb_profile()) {
    if (auto converted = convert_to_srgb(stored.icc, colour.values, colour.channels))
      return *std::move(converted);
  }
  if (stored.icc.empty() && stored.gamma > 0) encode_srgb(colour.values, stored.gamma);
  if (colour.channels == 1) return grey_to_rgb(colour.values);
  if (colour.channels == 4) return cmyk_to_rgb(colour.values);
  return std::move(colour.values);
}

}  // namespace

Image load_image(const std::filesystem::path& file) {
  Stored stored = read_stored(file);
  if (stored.alpha && stored.multiplied) divide_by_alpha(stored.colour, *stored.alpha);

  Raster rgb{stored.colour.width, stored.colour.height, 3, {}};
  rgb.values = to_srgb(std::move(stored.colour), stored);
  make_upright(rgb, stored.orientation);
  // A division by next to no alpha may have been too much.
  if (!std::all_of(rgb.values.begin(), rgb.values.end(), [](float value) { return std::isfinite(value); })) {
    fail_reading(file, "it has values that are too large; export it again without them");
  }
  Image image{rgb.width, rgb.height, std::move(rgb.values), {}};
  if (stored.alpha) {
    make_upright(*stored.alpha, stored.orientation);
    image.alpha = std::move(stored.alpha->values);
  }
  return image;
}

}  // namespace impasto
