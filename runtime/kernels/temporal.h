// The temporal loss of a sequence: how far a frame is from the one before, carried along the flow. Ruder, Dosovitskiy and Brox, "Artistic
// style transfer for videos" (2016), section 4.2.
#pragma once

#include "kernels/term.h"

namespace impasto::kernels {

int temporal_partials(int height, int width);

// Bytes of a guide: height × width texels of four floats, the picture to follow in the variable's range and how certain it is, [0,1].
uint64_t guide_bytes(int height, int width);

// image and image_gradient: height × width × 3 interleaved floats. Adds weight · d/dz Σ c · (scale · (z − t))² to image_gradient, and
// writes the partial sums of the value to the term.
void temporal(Context& context, const vulkan::Region& image, const vulkan::Region& guide, int height,
              int width, float scale, const vulkan::Region& term, const vulkan::Region& image_gradient);

}  // namespace impasto::kernels
