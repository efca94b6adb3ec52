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
#include <functional>
#include <stdexcept>

namespace impasto {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A file in memory, in pieces so that growing copies none. The library's own cannot go back and fill in what TIFF leaves open.
class MemoryFile final : public OIIO::Filesystem::IOProxy {
 public:
  MemoryFile() : IOProxy("", Write) {}
  const char* proxytype() const override { return "memory"; }
  std::size_t size() const override { return size_; }

  std::size_t write(const void* data, std::size_t count) override {
    const std::size_t written = pwrite(data, count, m_pos);
    m_pos += static_cast<std::int64_t>(written);
    return written;
  }

  std::size_t pwrite(const void* data, std::size_t count, std::int64_t offset) override {
    const auto begin = static_cast<std::size_t>(offset);
    while (pieces_.size() * kPiece < begin + count) pieces_.emplace_back(kPiece);
    size_ = std::max(size_, begin + count);
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    each_part(begin, count, [&](std::uint8_t* part, std::size_t length) {
      std::memcpy(part, bytes, length);
      bytes += length;
    });
    return count;
  }

  std::size_t read(void* data, std::size_t count) override {
    const std::size_t got = pread(data, count, m_pos);
    m_pos += static_cast<std::int64_t>(got);
    return got;
  }

  std::size_t pread(void* data, std::size_t count, std::int64_t offset) override {
    const auto begin = std::min(static_cast<std::size_t>(offset), size_);
    const std::size_t got = std::min(count, size_ - begin);
    auto* bytes = static_cast<std::uint8_t*>(data);
    each_part(begin, got, [&](const std::uint8_t* part, std::size_t length) {
      std::memcpy(bytes, part, length);
      bytes += length;
    });
    return got;
  }

  std::vector<Bytes> take() {
    if (!pieces_.empty()) pieces_.back().resize(size_ - (pieces_.size() - 1) * kPiece);
    return std::move(pieces_);
  }

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 20;

  // The pieces' parts of [begin, begin + count).
  template <typename Body>
  void each_part(std::size_t begin, std::size_t count, Body body) {
    for (const std::size_t end = begin + count; begin < end;) {
      const std::size_t length = std::min(end - begin, kPiece - begin % kPiece);
      body(pieces_[begin / kPiece].data() + begin % kPiece, length);
      begin += length;
    }
  }

  std::vector<Bytes> pieces_;
  std::size_t size_ = 0;
};

// The values of the rows [first, last) of a picture, until it is asked again.
using Rows = std::function<const float*(int first, int last)>;

std::vector<Bytes> write_pixels(const OutputFormat& format, const OIIO::ImageSpec& spec, const Rows& rows) {
  constexpr int kStrip = 64;  // as many rows as any format compresses together
  keep_quiet();
  MemoryFile file;
  const std::unique_ptr<OIIO::ImageOutput> output = OIIO::ImageOutput::create(format.name);
  if (!output) throw std::runtime_error(one_line(OIIO::geterror()));
  bool done = output->set_ioproxy(&file) && output->open("picture." + format.name, spec);
  for (int first = 0; done && first < spec.height; first += kStrip) {
    const int last = std::min(first + kStrip, spec.height);
    done = output->write_scanlines(first, last, 0, OIIO::TypeFloat, rows(first, last));
  }
  if (!done || !output->close()) throw std::runtime_error(one_line(output->geterror()));
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

// Of a picture as it is.
Rows plain_rows(const Image& image) {
  return [&image](int first, int) {
    return image.rgb.data() + static_cast<std::size_t>(first) * static_cast<std::size_t>(image.width) * 3;
  };
}

// With the alpha, or as scene-linear light, multiplied by the alpha as EXR has it.
Rows converted_rows(const Image& image, bool alpha, bool light) {
  return [&image, alpha, light, strip = std::vector<float>()](int first, int last) mutable {
    const auto width = static_cast<std::size_t>(image.width);
    strip.clear();
    for (std::size_t pixel = static_cast<std::size_t>(first) * width;
         pixel < static_cast<std::size_t>(last) * width; ++pixel) {
      // What is wholly transparent keeps its colour: nothing could bring it back.
      const float opacity = !image.alpha.empty() && image.alpha[pixel] > 0 ? image.alpha[pixel] : 1;
      for (std::size_t c = 0; c < 3; ++c) {
        const float value = image.rgb[pixel * 3 + c];
        strip.push_back(light ? srgb_to_linear(value) * opacity : value);
      }
      if (alpha) strip.push_back(image.alpha[pixel]);
    }
    return static_cast<const float*>(strip.data());
  };
}

Bytes joined(const std::vector<Bytes>& pieces) {
  Bytes whole;
  for (const Bytes& piece : pieces) whole.insert(whole.end(), piece.begin(), piece.end());
  return whole;
}

Bytes encode_webp(const Image& image, const OutputFormat& format, const SaveOptions& options) {
  const Bytes colours =
      joined(write_pixels(format, spec_of(image, 3, format, 8, options), plain_rows(image)));
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

std::vector<Bytes> encode_picture(const Image& image, const OutputFormat& format, int bits,
                                  const SaveOptions& options) {
  if (format.name == "webp") return {encode_webp(image, format, options)};
  const bool alpha = format.alpha && !image.alpha.empty();
  return write_pixels(
      format, spec_of(image, alpha ? 4 : 3, format, bits, options),
      alpha || format.linear ? converted_rows(image, alpha, format.linear) : plain_rows(image));
}

}  // namespace impasto
