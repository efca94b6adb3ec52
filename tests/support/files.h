// What tests read from files: NumPy arrays, pictures and networks, as the reference operations want them.
#pragma once

#include "impasto/image.h"
#include "reference/array.h"
#include "reference/objective.h"

#include <filesystem>
#include <string>

namespace impasto::test {

std::string read_text(const std::filesystem::path& file);

// A little-endian float32 or float64 .npy of H × W × C, C order, as C × H × W. Throws std::runtime_error for anything else.
reference::Array read_npy(const std::filesystem::path& file);

// Interleaved floats to planes and back.
reference::Array to_array(const Image& image);
Image to_image(const reference::Array& rgb);

// A picture file as RGB in [0,1].
reference::Array load_picture(const std::filesystem::path& file);

// Every convolution of a weight file, in double precision.
reference::Network load_network(const std::filesystem::path& file);

}  // namespace impasto::test
