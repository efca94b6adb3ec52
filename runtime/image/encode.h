// A picture as the bytes of a file.
#pragma once

#include "image/output_format.h"
#include "impasto/image.h"

#include <cstdint>
#include <vector>

namespace impasto {

// Pieces that follow one another; the same bytes every time. Throws std::runtime_error with the library's reason.
std::vector<std::vector<std::uint8_t>> encode_picture(const Image& image, const OutputFormat& format,
                                                      int bits, const SaveOptions& options);

}  // namespace impasto
