// A picture as its file has it.
#pragma once

#include "image/colour.h"
#include "image/orientation.h"

#include <filesystem>
#include <optional>

namespace impasto {

// Pixels, and what the file says about them.
struct Stored {
  Raster colour;  // 1 grey, 3 RGB or 4 CMYK channels
  std::optional<Raster> alpha;
  bool multiplied = false;  // the colours by the alpha
  float gamma = 0;          // values are light^(1/gamma); 0: sRGB's curve
  IccProfile icc;
  int orientation = 1;
};

// Throws Error(input) as load_image does.
Stored read_stored(const std::filesystem::path& file);

}  // namespace impasto
