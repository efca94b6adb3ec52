// Optical flow: where what is seen in one picture lies in another, out of files, at any size, and how far it can be believed.
#pragma once

#include "impasto/image.h"

#include <filesystem>
#include <vector>

namespace impasto {

// For each pixel of a picture the way to where it is in another.
struct Flow {
  int width = 0;
  int height = 0;
  std::vector<float>
      values;  // height × width × 3: pixels to the right, pixels down, and 1 where both are known, else 0
};

// A .flo file (Baker et al., "A database and evaluation methodology for optical flow", 2011), or the first two channels of an EXR by the
// names u and v, x and y or r and g. What is not finite or beyond 1e9 is unknown. Throws Error(input).
Flow load_flow(const std::filesystem::path& file);

// Whether estimate_flow can be called: it was built with OpenCV.
bool can_estimate_flow();

// Dense inverse search (Kroeger et al. 2016) as OpenCV has it, on grey pictures. Throws Error(usage) without OpenCV.
Flow estimate_flow(const Image& from, const Image& to);

// The flow between the same pictures at another size.
Flow resized(const Flow& flow, int width, int height);

// The picture as the flow leads to it: at each pixel what `picture` has where the flow points, bilinearly.
Image carried(const Image& picture, const Flow& flow);

// 1 where a flow can be believed, else 0: it is known, does not point outside, does not lie at the border of two motions, and the flow
// back, when there is one, leads to where it began (Ruder, Dosovitskiy and Brox, "Artistic style transfer for videos", 2016, section 4.2).
std::vector<float> certainty(const Flow& flow, const Flow* back);

}  // namespace impasto
