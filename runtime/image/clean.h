// Files reduced to what their pixels need. The picture library's readers of profiles, EXIF and comments do not check what they read,
// and some of its decoders write to standard error; so what they get is checked before, and the profile and the orientation are
// taken out here.
#pragma once

#include "image/colour.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace impasto {

struct CleanFile {
  std::vector<std::uint8_t> bytes;
  IccProfile icc;                  // empty when there is none or it is incomplete
  std::optional<int> orientation;  // EXIF's, where it was taken out
  struct Size {
    std::uint64_t width;
    std::uint64_t height;
  };
  std::optional<Size> size;  // as the header says, where a decoder would complain of it aloud
};

// Nothing when the file is truncated or damaged.
std::optional<CleanFile> clean_png(std::vector<std::uint8_t> file);
std::optional<CleanFile> clean_jpeg(std::vector<std::uint8_t> file);
std::optional<CleanFile> clean_tiff(std::vector<std::uint8_t> file);

}  // namespace impasto
