// A picture as the bytes of a file, through OpenImageIO. In memory, so that a full disk is met where we can tell.
#include "image/encode.h"

#include "image/colour.h"
#include "image/exif.h"
#include "image/input.h"
#include "image/webp_container.h"

#include <OpenImageIO/filesystem.h>
#include <OpenImageIO/imageio.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace impasto {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A file in memory. The library's own cannot go back and fill in what TIFF leaves open.
class MemoryFile final : public OIIO::Filesystem::IOProxy {
 public:
  MemoryFile() : IOProxy("", Write) {}
  const char* proxytype() const override { return "memory"; }
  std::size_t size() const override { return bytes_.size(); }

  std::size_t write(const void* data, std::size_t count) override {
    const std::size_t written = pwrite(data, count, m_pos);
    m_pos += static_cast<std::int64_t>(written);
    return written;
  }

  std::size_t pwrite(const void* data, std::size_t count, std::int64_t offset) override {
    const auto begin = static_cast<std::size_t>(offset);
    if (bytes_.size() < begin + count) bytes_.resize(begin + count);
    if (count > 0) std::memcpy(bytes_.data() + begin, data, count);
    return count;
  }

  std::size_t read(void* data, std::size_t count) override {
    const std::size_t got = pread(data, count, m_pos);
    m_pos += static_cast<std::int64_t>(got);
    return got;
  }

  std::size_t pread(void* data, std::size_t count, std::int64_t offset) override {
    const auto begin = std::min(static_cast<std::size_t>(offset), bytes_.size());
    const std::size_t got = std::min(count, bytes_.size() - begin);
    if (got > 0) std::memcpy(data, bytes_.data() + begin, got);
    return got;
  }

  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

Bytes write_pixels(const OutputFormat& format, const OIIO::ImageSpec& spec, const float* values) {
  keep_quiet();
  MemoryFile file;
  const std::unique_ptr<OIIO::ImageOutput> output = OIIO::ImageOutput::create(format.name);
  if (!output) throw std::runtime_error(one_line(OIIO::geterror()));
  const bool done = output->set_ioproxy(&file) && output->open("picture." + format.name, spec) &&
                    output->write_image(OIIO::TypeFloat, values) && output->close();
  if (!done) throw std::runtime_error(one_line(output->geterror()));
  return file.take();
}

OIIO::TypeDesc type_of(const OutputFormat& format, int bits) {
  if (bits == 8) return OIIO::TypeUInt8;
  if (bits == 32) return OIIO::TypeFloat;
  return format.linear ? OIIO::TypeHalf : OIIO::TypeUInt16;
}

struct Description {
  std::string settings;  // JSON of all metadata but the software; empty when there is none
  std::string software;
};

// All of it in one text, for that is what every format has a place for; plain ASCII, for not every place says its encoding.
Description describe(std::map<std::string, std::string> metadata) {
  constexpr std::size_t kLongest = 32000;  // EXIF and JPEG comments end at 64 KiB
  Description description;
  if (const auto found = metadata.find("Software"); found != metadata.end()) {
    description.software = found->second;
    metadata.erase(found);
  }
  if (metadata.empty()) return description;
  const nlohmann::json json = metadata;
  description.settings = json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  if (description.settings.size() > kLongest) description.settings.clear();
  return description;
}

OIIO::ImageSpec spec_of(const Image& image, int channels, const OutputFormat& format, int bits,
                        const SaveOptions& options) {
  OIIO::ImageSpec spec(image.width, image.height, channels, type_of(format, bits));
  spec.attribute("oiio:UnassociatedAlpha", 1);
  spec.attribute("Orientation", 1);
  // Of a type that no format writes: it keeps the library from putting the time there, which would make every file differ.
  spec.attribute("DateTime", 0);
  if (format.name == "jpeg") {
    spec.attribute("compression", fmt::format("jpeg:{}", options.jpeg_quality));
    if (options.jpeg_quality >= 90) spec.attribute("jpeg:subsampling", "4:4:4");
  }
  if (format.name == "webp") spec.attribute("compression", fmt::format("webp:{}", options.jpeg_quality));
  // EXIF, which the colour space would add, cannot be written to a TIFF in memory.
  if (!format.linear && format.name != "tiff") spec.attribute("oiio:ColorSpace", "sRGB");
  if (!format.linear) {
    const IccProfile& profile = srgb_profile();
    spec.attribute("ICCProfile", OIIO::TypeDesc(OIIO::TypeDesc::UINT8, static_cast<int>(profile.size())),
                   profile.data());
  }
  const Description description = describe(options.metadata);
  if (!description.settings.empty()) spec.attribute("ImageDescription", description.settings);
  if (!description.software.empty()) spec.attribute("Software", description.software);
  return spec;
}

std::vector<float> with_alpha(const std::vector<float>& rgb, const std::vector<float>& alpha) {
  std::vector<float> rgba;
  rgba.reserve(alpha.size() * 4);
  for (std::size_t pixel = 0; pixel < alpha.size(); ++pixel) {
    rgba.insert(rgba.end(), {rgb[pixel * 3], rgb[pixel * 3 + 1], rgb[pixel * 3 + 2], alpha[pixel]});
  }
  return rgba;
}

// Scene-linear light, multiplied by the alpha as EXR has it.
std::vector<float> light_of(const Image& image) {
  std::vector<float> light(image.rgb.size());
  std::transform(image.rgb.begin(), image.rgb.end(), light.begin(), srgb_to_linear);
  for (std::size_t pixel = 0; pixel < image.alpha.size(); ++pixel) {
    // What is wholly transparent keeps its colour: nothing could bring it back.
    const float opacity = image.alpha[pixel] > 0 ? image.alpha[pixel] : 1;
    for (std::size_t c = 0; c < 3; ++c) light[pixel * 3 + c] *= opacity;
  }
  return light;
}

Bytes encode_webp(const Image& image, const OutputFormat& format, const SaveOptions& options) {
  const Bytes colours = write_pixels(format, spec_of(image, 3, format, 8, options), image.rgb.data());
  Bytes alpha(image.alpha.size());
  std::transform(image.alpha.begin(), image.alpha.end(), alpha.begin(), [](float value) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0F, 1.0F) * 255));
  });
  const Description description = describe(options.metadata);
  const bool described = !description.settings.empty() || !description.software.empty();
  const Bytes exif = described ? make_exif(description.settings, description.software) : Bytes{};
  const WebpExtras extras{image.width, image.height, srgb_profile(), exif, alpha};
  const std::optional<Bytes> whole = webp_with_extras(colours, extras);
  if (!whole) throw std::runtime_error("the encoder gave an unusual file");
  return *whole;
}

}  // namespace

Bytes encode_picture(const Image& image, const OutputFormat& format, int bits, const SaveOptions& options) {
  if (format.name == "webp") return encode_webp(image, format, options);
  const bool alpha = format.alpha && !image.alpha.empty();
  const OIIO::ImageSpec spec = spec_of(image, alpha ? 4 : 3, format, bits, options);
  if (!alpha && !format.linear) return write_pixels(format, spec, image.rgb.data());
  std::vector<float> values = format.linear ? light_of(image) : image.rgb;
  if (alpha) values = with_alpha(values, image.alpha);
  return write_pixels(format, spec, values.data());
}

}  // namespace impasto
