// Pictures as the device holds them: H × W × channels interleaved floats.
#pragma once

#include "reference/array.h"

#include <cstdint>
#include <vector>

namespace impasto::test {

std::vector<float> interleaved(const reference::Array& array, double factor = 1);
reference::Array planar(const std::vector<float>& pixels, int channels, int height, int width);

// Values in [0, 1] that are multiples of 1/64: exact on any scale, and often equal to their neighbours.
reference::Array coarse_picture(int height, int width, uint64_t seed);

}  // namespace impasto::test
