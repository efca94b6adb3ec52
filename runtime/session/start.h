// The pictures that a stage works with: content and styles at its size, and the picture it starts from.
#pragma once

#include "impasto/image.h"
#include "impasto/job.h"

#include <vector>

namespace impasto::session {

struct Size {
  int width = 0;
  int height = 0;
  bool operator==(const Size&) const = default;
};

inline Size size_of(const Image& image) {
  return {image.width, image.height};
}

// The size of a picture whose longest or shortest side becomes `side` pixels; 0 leaves it as it is. At least 1 a side.
Size scaled_size(const Size& picture, int side, SizeSide which);

// Resampled by bicubic interpolation; itself when the size is the same.
Image resized(const Image& image, Size size);

Size style_size(const Job& job, const Stage& stage, const Size& content, const Size& style);

// What the job or the recipe says a run starts from, at the content's size: the content, the style, a file, noise, or a mix.
// Random numbers depend on the job's seed alone. Throws Error(input) for a file that cannot be read.
Image start_image(const Job& job, const Image& content, const Image& first_style);

}  // namespace impasto::session
