// Pictures as the device holds them.
#include "support/picture.h"

#include "support/random.h"

#include <cmath>

namespace impasto::test {

std::vector<float> interleaved(const reference::Array& array, double factor) {
  std::vector<float> pixels;
  pixels.reserve(array.data.size());
  for (int y = 0; y < array.height; ++y)
    for (int x = 0; x < array.width; ++x)
      for (int c = 0; c < array.channels; ++c)
        pixels.push_back(static_cast<float>(factor * array.at(c, y, x)));
  return pixels;
}

reference::Array planar(const std::vector<float>& pixels, int channels, int height, int width) {
  reference::Array array(channels, height, width);
  size_t i = 0;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c) array.at(c, y, x) = pixels.at(i++);
  return array;
}

reference::Array coarse_picture(int height, int width, uint64_t seed) {
  reference::Array picture = random_array(3, height, width, seed, 0, 1);
  for (double& value : picture.data) value = std::round(value * 64) / 64;
  return picture;
}

}  // namespace impasto::test
