// Turning a picture upright.
#pragma once

#include <vector>

namespace impasto {

// A picture of interleaved values, height × width × channels.
struct Raster {
  int width = 0;
  int height = 0;
  int channels = 0;
  std::vector<float> values;
};

// Undoes an EXIF orientation (Exif 2.32, tag 0x0112): 1 is upright, 2 to 8 are mirrored, turned or both; others count as upright.
void make_upright(Raster& raster, int orientation);

}  // namespace impasto
