// Turning a picture upright.
#include "image/orientation.h"

#include <algorithm>
#include <cstddef>

namespace impasto {
namespace {

// Where an upright pixel is found in the stored picture: transposed first, then mirrored.
struct Source {
  bool transposed;
  bool from_right;
  bool from_bottom;
};

Source source_of(int orientation) {
  switch (orientation) {
    case 2:
      return {false, true, false};
    case 3:
      return {false, true, true};
    case 4:
      return {false, false, true};
    case 5:
      return {true, false, false};
    case 6:
      return {true, false, true};
    case 7:
      return {true, true, true};
    case 8:
      return {true, true, false};
    default:
      return {false, false, false};
  }
}

}  // namespace

void make_upright(Raster& raster, int orientation) {
  if (orientation < 2 || orientation > 8) return;
  const Source source = source_of(orientation);
  Raster upright{raster.width, raster.height, raster.channels, {}};
  if (source.transposed) std::swap(upright.width, upright.height);
  upright.values.resize(raster.values.size());

  const auto channels = static_cast<std::size_t>(raster.channels);
  auto out = upright.values.begin();
  for (int y = 0; y < upright.height; ++y) {
    for (int x = 0; x < upright.width; ++x) {
      const int column = source.transposed ? y : x;
      const int row = source.transposed ? x : y;
      const auto from_x = static_cast<std::size_t>(source.from_right ? raster.width - 1 - column : column);
      const auto from_y = static_cast<std::size_t>(source.from_bottom ? raster.height - 1 - row : row);
      const std::size_t index = (from_y * static_cast<std::size_t>(raster.width) + from_x) * channels;
      out = std::copy_n(raster.values.begin() + static_cast<std::ptrdiff_t>(index), channels, out);
    }
  }
  raster = std::move(upright);
}

}  // namespace impasto
