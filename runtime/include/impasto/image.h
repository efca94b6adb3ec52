// Pictures in memory, and in and out of files.
#pragma once

#include "impasto/export.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace impasto {

// sRGB-encoded, upright, interleaved. Values are nominally in [0,1]; wider ones are kept until they are written.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<float> rgb;    // height × width × 3
  std::vector<float> alpha;  // height × width, or empty when the picture is opaque
};

constexpr int kMaxImageSide = 32768;

// JPEG, PNG, TIFF, EXR, WebP, BMP or the first picture of a GIF, by the file's first bytes. EXIF orientation is applied, an embedded ICC profile is
// converted to sRGB, scene-linear files (EXR) are encoded to sRGB, grey and palette pictures become RGB.
// Throws Error(input): missing, unreadable, truncated, a side of 0 or above kMaxImageSide, a value that is not finite.
IMPASTO_API Image load_image(const std::filesystem::path& file);

struct PictureSize {
  int width = 0;
  int height = 0;
};

// The size that load_image would give, without the pixels: a file that cannot be decoded may still have one. Throws Error(input).
IMPASTO_API PictureSize read_size(const std::filesystem::path& file);

struct SaveOptions {
  int bits =
      0;  // 8, 16 or 32 (float); 0: what the format holds best for a picture (PNG and JPEG 8, TIFF 16, EXR 32)
  int jpeg_quality = 95;  // 1 to 100, for JPEG and WebP
  bool overwrite = false;
  std::map<std::string, std::string>
      metadata;  // text written into the file where the format has a place for it
};

// The format follows the extension. An sRGB profile is embedded; EXR is written scene-linear. The file appears whole, by rename,
// or not at all. Throws Error(input): unknown format, unwritable folder, full disk, or the file exists and overwrite is off.
IMPASTO_API void save_image(const std::filesystem::path& file, const Image& image,
                            const SaveOptions& options = {});

// Checks before a long run that save_image to this file would be accepted: format known, folder writable, file absent or overwritable.
IMPASTO_API void check_writable(const std::filesystem::path& file, bool overwrite);

enum class Filter { bilinear, bicubic, lanczos };

// Separable, on the encoded values, antialiased when it shrinks (the filter is stretched by the scale), edges replicated;
// pixel centres are at half integers. Bicubic is Keys with a = -0.5, Lanczos has three lobes. Alpha is resampled alike.
IMPASTO_API Image resample(const Image& image, int width, int height, Filter filter);

}  // namespace impasto
