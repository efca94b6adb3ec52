// The little of EXIF that the picture library leaves to us.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace impasto {

// The orientation in an EXIF block, with or without the "Exif" prefix; 1 when there is none or the block is damaged.
int exif_orientation(std::span<const std::uint8_t> block);

// An EXIF block, without the prefix, with a description and, when it is not empty, the name of the software.
std::vector<std::uint8_t> make_exif(const std::string& description, const std::string& software);

}  // namespace impasto
