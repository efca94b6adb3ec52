// The pictures that a stage works with: content and styles at its size, and the picture it starts from.
#pragma once

#include "image/flow.h"
#include "impasto/image.h"
#include "impasto/job.h"

#include <memory>
#include <optional>
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

// Pictures that stages read and never change: at their own size all share the one that was decoded.
using SharedImage = std::shared_ptr<const Image>;
SharedImage resized(const SharedImage& image, Size size);

Size style_size(const Job& job, const Stage& stage, const Size& content, const Size& style);

// Those that a frame before names.
std::vector<std::filesystem::path> files_of(const FrameBefore& before);

// The frame before of a job that has one: what was made of it, and the flows between it and this.
struct BeforePictures {
  Image result;
  Flow flow;
  std::optional<Flow> forward_flow;
};

// Reads the result and reads or computes the flows. Throws Error(input), Error(usage) where a flow is to be computed and cannot be.
BeforePictures load_before(const FrameBefore& before, const Image& content);

// What a frame is pulled to: the result before as the flow carries it, and how certain that is, a float in [0,1] a pixel.
struct Guide {
  Image picture;
  std::vector<float> certainty;
};

Guide guide_at(const BeforePictures& before, Size size);

// As kernels/temporal.h lays a guide out.
std::vector<float> guide_texels(const Guide& guide, const Recipe& recipe);

// The guide where it is certain, and the content elsewhere.
Image guided_start(const Guide& guide, const Image& content);

// What the job or the recipe says a run starts from, at the content's size: the content, the style, a file, noise, or a mix.
// Random numbers depend on the job's seed alone. Throws Error(input) for a file that cannot be read.
Image start_image(const Job& job, const Image& content, const Image& first_style);

}  // namespace impasto::session
