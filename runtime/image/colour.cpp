// Colour: the sRGB curve, and ICC profiles through Little CMS.
#include "image/colour.h"

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

namespace impasto {
namespace {

struct ProfileCloser {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, ProfileCloser>;

struct TransformDeleter {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using Transform = std::unique_ptr<void, TransformDeleter>;

IccProfile make_srgb_profile() {
  const Profile profile(cmsCreate_sRGBProfile());
  cmsUInt32Number size = 0;
  if (!profile || !cmsSaveProfileToMem(profile.get(), nullptr, &size)) return {};
  IccProfile bytes(size);
  if (!cmsSaveProfileToMem(profile.get(), bytes.data(), &size)) return {};
  // The header's time of creation (ICC.1:2022, table 17: bytes 24 to 35) would make every file differ; this is 1 January 2000.
  constexpr std::array<std::uint8_t, 12> kDate = {0x07, 0xd0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0};
  std::copy(kDate.begin(), kDate.end(), bytes.begin() + 24);
  return bytes;
}

std::optional<cmsUInt32Number> float_format(cmsHPROFILE profile, int channels) {
  switch (cmsGetColorSpace(profile)) {
    case cmsSigGrayData:
      return channels == 1 ? std::optional(TYPE_GRAY_FLT) : std::nullopt;
    case cmsSigRgbData:
      return channels == 3 ? std::optional(TYPE_RGB_FLT) : std::nullopt;
    case cmsSigCmykData:
      return channels == 4 ? std::optional(TYPE_CMYK_FLT) : std::nullopt;
    default:
      return std::nullopt;
  }
}

// Little CMS counts pixels in 32 bits.
void apply(cmsHTRANSFORM transform, std::span<const float> colours, int channels, std::span<float> out) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  const std::size_t pixels = out.size() / 3;
  for (std::size_t first = 0; first < pixels; first += kBlock) {
    const std::size_t count = std::min(kBlock, pixels - first);
    cmsDoTransform(transform, colours.data() + first * static_cast<std::size_t>(channels),
                   out.data() + first * 3, static_cast<cmsUInt32Number>(count));
  }
}

bool is_srgb(cmsHTRANSFORM transform) {
  constexpr int kSteps = 9;
  std::vector<float> grid;
  for (int r = 0; r < kSteps; ++r) {
    for (int g = 0; g < kSteps; ++g) {
      for (int b = 0; b < kSteps; ++b) {
        for (const int level : {r, g, b}) grid.push_back(static_cast<float>(level) / (kSteps - 1));
      }
    }
  }
  std::vector<float> converted(grid.size());
  apply(transform, grid, 3, converted);
  return std::equal(grid.begin(), grid.end(), converted.begin(),
                    [](float a, float b) { return std::abs(a - b) < 0.5F / 255; });
}

}  // namespace

float srgb_to_linear(float encoded) {
  const float magnitude = std::abs(encoded);
  const float linear =
      magnitude <= 0.04045F ? magnitude / 12.92F : std::pow((magnitude + 0.055F) / 1.055F, 2.4F);
  return std::copysign(linear, encoded);
}

float linear_to_srgb(float linear) {
  const float magnitude = std::abs(linear);
  const float encoded =
      magnitude <= 0.0031308F ? magnitude * 12.92F : 1.055F * std::pow(magnitude, 1 / 2.4F) - 0.055F;
  return std::copysign(encoded, linear);
}

const IccProfile& srgb_profile() {
  static const IccProfile profile = make_srgb_profile();
  return profile;
}

std::optional<std::vector<float>> convert_to_srgb(std::span<const std::uint8_t> profile,
                                                  std::span<const float> colours, int channels) {
  if (profile.size() > std::numeric_limits<cmsUInt32Number>::max()) return std::nullopt;
  const Profile from(cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size())));
  const Profile to(cmsCreate_sRGBProfile());
  if (!from || !to) return std::nullopt;
  const std::optional<cmsUInt32Number> format = float_format(from.get(), channels);
  if (!format) return std::nullopt;
  const Transform transform(cmsCreateTransform(from.get(), *format, to.get(), TYPE_RGB_FLT,
                                               INTENT_RELATIVE_COLORIMETRIC,
                                               cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE));
  if (!transform || (channels == 3 && is_srgb(transform.get()))) return std::nullopt;

  std::vector<float> converted(colours.size() / static_cast<std::size_t>(channels) * 3);
  if (channels == 4) {
    std::vector<float> percent(colours.begin(), colours.end());  // Little CMS counts ink in per cent
    for (float& ink : percent) ink *= 100;
    apply(transform.get(), percent, channels, converted);
  } else {
    apply(transform.get(), colours, channels, converted);
  }
  const bool finite =
      std::all_of(converted.begin(), converted.end(), [](float v) { return std::isfinite(v); });
  return finite ? std::optional(std::move(converted)) : std::nullopt;
}

}  // namespace impasto
