// Colour: the sRGB curve, and ICC profiles through Little CMS.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace impasto {

using IccProfile = std::vector<std::uint8_t>;

// IEC 61966-2-1, continued beyond 1 and mirrored for negative values so that wider values survive both ways.
float srgb_to_linear(float encoded);
float linear_to_srgb(float linear);

// The profile written into our files; the same bytes every time.
const IccProfile& srgb_profile();

// Colours (pixels × channels, 1 grey, 3 RGB or 4 CMYK as shares of ink) through a profile to sRGB, relative colorimetric with
// black point compensation: pixels × 3. Nothing when the profile is broken, is for another number of channels, or is sRGB itself
// to within half a step of 8 bits, so that such pictures keep their exact values.
std::optional<std::vector<float>> convert_to_srgb(std::span<const std::uint8_t> profile,
                                                  std::span<const float> colours, int channels);

}  // namespace impasto
