// Pixels out of a file as it stores them, through OpenImageIO.
#include "image/input.h"

#include "impasto/error.h"
#include "impasto/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <new>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace impasto {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDamaged = "it is truncated or damaged";

struct Signature {
  std::string_view bytes;
  const char* format;
};

// The library reads two dozen formats more, some of which end the program when a file is not what it seems; it is never left to guess.
constexpr std::array<Signature, 10> kSignatures = {{{"\xff\xd8\xff", "jpeg"},
                                                    {"\x89PNG", "png"},
                                                    {std::string_view("II*\0", 4), "tiff"},
                                                    {std::string_view("MM\0*", 4), "tiff"},
                                                    {std::string_view("II+\0", 4), "tiff"},
                                                    {std::string_view("MM\0+", 4), "tiff"},
                                                    {"\x76\x2f\x31\x01", "openexr"},
                                                    {"GIF87a", "gif"},
                                                    {"GIF89a", "gif"},
                                                    {"BM", "bmp"}}};

// libjpeg mentions bytes that it skipped between segments; no pixel is missing then.
bool is_harmless(std::string_view line) {
  return line.empty() || line.find("extraneous bytes before marker") != std::string_view::npos;
}

// Readers report damage they could paper over as errors without failing.
void throw_on_messages(PictureInput& picture) {
  const std::string messages = picture.reader->geterror();
  for (std::string_view rest = messages; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (!is_harmless(rest.substr(0, end))) {
      fail_reading(picture.file, fmt::format("{} ({}); replace it", kDamaged, one_line(messages)));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

// What OpenImageIO calls a negative size is none.
std::uint64_t side(int pixels) {
  return pixels > 0 ? static_cast<std::uint64_t>(pixels) : 0;
}

void check_kind(const fs::path& file, const OIIO::ImageSpec& spec) {
  check_size(file, side(spec.width), side(spec.height));
  if (spec.nchannels < 1 || spec.depth > 1 || spec.deep) {
    fail_reading(file, "it is not a flat picture; export it as one");
  }
}

OIIO::ImageSpec reading_wishes(bool raw_colour) {
  OIIO::ImageSpec wishes;
  wishes.attribute("oiio:UnassociatedAlpha", 1);
  if (raw_colour) wishes.attribute("oiio:RawColor", 1);
  return wishes;
}

[[noreturn]] void fail_opening(const fs::path& file, const std::string& message) {
  fail_reading(file, fmt::format("{} ({}); replace it", kDamaged, one_line(message)));
}

void open_reader(PictureInput& picture, const std::string& format, const OIIO::ImageSpec& wishes) {
  picture.reader = OIIO::ImageInput::create(format);
  if (!picture.reader) fail_opening(picture.file, OIIO::geterror());
  OIIO::ImageSpec spec;
  bool open = false;
  try {
    open = picture.reader->open(picture.file.string(), spec, wishes);
  } catch (const std::exception& error) {  // some readers allocate what the file's header says
    fail_opening(picture.file, error.what());
  }
  if (!open) fail_opening(picture.file, picture.reader->geterror());
  check_kind(picture.file, picture.reader->spec());
}

int channel_named(const OIIO::ImageSpec& spec, std::string_view name) {
  const auto same = [name](const std::string& other) {
    return other.size() == 1 && std::toupper(static_cast<unsigned char>(other[0])) == name[0];
  };
  const auto found = std::find_if(spec.channelnames.begin(), spec.channelnames.end(), same);
  return found == spec.channelnames.end() ? -1 : static_cast<int>(found - spec.channelnames.begin());
}

// Rows at a time: enough to be quick, few enough that a file with a lying size fails before much memory is touched.
int band_height(const OIIO::ImageSpec& spec) {
  constexpr int kPixels = 1 << 20;
  const int unit = spec.tile_width > 0 ? std::max(spec.tile_height, 1) : 64;
  return std::max(kPixels / spec.width / unit, 1) * unit;
}

bool read_band(OIIO::ImageInput& reader, const OIIO::ImageSpec& spec, int begin, int end, int first, int last,
               float* values) {
  if (spec.tile_width > 0) {
    return reader.read_tiles(0, 0, spec.x, spec.x + spec.width, spec.y + begin, spec.y + end, spec.z,
                             spec.z + 1, first, last, OIIO::TypeFloat, values);
  }
  return reader.read_scanlines(0, 0, spec.y + begin, spec.y + end, spec.z, first, last, OIIO::TypeFloat,
                               values);
}

std::vector<Raster> read_bands(PictureInput& picture, const std::vector<std::vector<int>>& groups) {
  const OIIO::ImageSpec spec = picture.reader->spec();
  const std::size_t all_pixels = static_cast<std::size_t>(spec.width) * static_cast<std::size_t>(spec.height);
  int first = spec.nchannels, last = 0;  // of what is read
  std::vector<Raster> rasters;
  for (const std::vector<int>& channels : groups) {
    for (const int channel : channels) {
      first = std::min(first, channel);
      last = std::max(last, channel + 1);
    }
    rasters.push_back({spec.width, spec.height, static_cast<int>(channels.size()), {}});
    rasters.back().values.reserve(all_pixels * channels.size());
  }
  const auto stored = static_cast<std::size_t>(last - first);
  const int rows = std::min(band_height(spec), spec.height);
  std::vector<float> band(static_cast<std::size_t>(rows) * static_cast<std::size_t>(spec.width) * stored);
  for (int begin = 0; begin < spec.height; begin += rows) {
    const int end = std::min(begin + rows, spec.height);
    const bool done = read_band(*picture.reader, spec, begin, end, first, last, band.data());
    throw_on_messages(picture);
    if (!done) fail_reading(picture.file, std::string(kDamaged) + "; replace it");
    const std::size_t pixels = static_cast<std::size_t>(end - begin) * static_cast<std::size_t>(spec.width);
    for (std::size_t group = 0; group < groups.size(); ++group) {
      for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
        for (const int channel : groups[group]) {
          rasters[group].values.push_back(band[pixel * stored + static_cast<std::size_t>(channel - first)]);
        }
      }
    }
  }
  return rasters;
}

bool all_finite(const Raster& raster) {
  return std::all_of(raster.values.begin(), raster.values.end(), [](float v) { return std::isfinite(v); });
}

}  // namespace

void fail_reading(const fs::path& file, const std::string& reason) {
  throw Error(ErrorKind::input, fmt::format("cannot read '{}': {}", file.string(), reason));
}

void check_size(const fs::path& file, std::uint64_t width, std::uint64_t height) {
  const auto fits = [](std::uint64_t pixels) { return pixels > 0 && pixels <= kMaxImageSide; };
  if (fits(width) && fits(height)) return;
  fail_reading(file, fmt::format("it says it is {} x {} pixels; sides of 1 to {} are accepted", width, height,
                                 kMaxImageSide));
}

void keep_quiet() {
  OIIO::attribute("debug", 0);
}

std::string one_line(const std::string& message) {
  std::string line = message;
  while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.pop_back();
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line.empty() ? "no reason given" : line;
}

std::string format_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::array<char, 12> buffer{};
  stream.read(buffer.data(), buffer.size());
  const std::string_view start(buffer.data(), static_cast<std::size_t>(stream.gcount()));
  if (start.starts_with("RIFF") && start.ends_with("WEBP")) return "webp";
  const auto found =
      std::find_if(kSignatures.begin(), kSignatures.end(),
                   [start](const Signature& signature) { return start.starts_with(signature.bytes); });
  if (found == kSignatures.end())
    fail_reading(file,
                 "it is not a picture in a known format; give a JPEG, PNG, TIFF, EXR, WebP, GIF or BMP file");
  return found->format;
}

PictureInput open_picture(const fs::path& file, const std::string& format) {
  keep_quiet();
  PictureInput picture{file, {}, nullptr, nullptr};
  open_reader(picture, format, reading_wishes(false));
  return picture;
}

PictureInput open_picture(const fs::path& file, std::vector<std::uint8_t> bytes, const std::string& format,
                          bool raw_colour) {
  keep_quiet();
  PictureInput picture{file, std::move(bytes), nullptr, nullptr};
  picture.memory =
      std::make_unique<OIIO::Filesystem::IOMemReader>(picture.bytes.data(), picture.bytes.size());
  OIIO::ImageSpec wishes = reading_wishes(raw_colour);
  void* const proxy = static_cast<OIIO::Filesystem::IOProxy*>(picture.memory.get());
  wishes.attribute("oiio:ioproxy", OIIO::TypeDesc::PTR, &proxy);
  open_reader(picture, format, wishes);
  return picture;
}

ChannelChoice choose_channels(const OIIO::ImageSpec& spec, bool raw_colour) {
  if (raw_colour && spec.nchannels >= 4) return {{0, 1, 2, 3}, -1};
  const int alpha = spec.alpha_channel >= 0 && spec.alpha_channel < spec.nchannels ? spec.alpha_channel
                                                                                   : channel_named(spec, "A");
  const std::vector<int> named = {channel_named(spec, "R"), channel_named(spec, "G"),
                                  channel_named(spec, "B")};
  if (std::find(named.begin(), named.end(), -1) == named.end()) return {named, alpha};
  if (spec.nchannels >= 3 && alpha != 0 && alpha != 1 && alpha != 2) return {{0, 1, 2}, alpha};
  return {{alpha == 0 && spec.nchannels > 1 ? 1 : 0}, spec.nchannels > 1 ? alpha : -1};
}

std::vector<Raster> read_channels(PictureInput& picture, const std::vector<std::vector<int>>& groups) {
  throw_on_messages(picture);
  std::vector<Raster> rasters;
  try {
    rasters = read_bands(picture, groups);
  } catch (const std::bad_alloc&) {
    fail_reading(picture.file, "it does not fit into this machine's memory; make it smaller first");
  } catch (const std::length_error&) {
    fail_reading(picture.file, std::string(kDamaged) + "; replace it");
  }
  if (!std::all_of(rasters.begin(), rasters.end(), all_finite)) {
    fail_reading(picture.file, "it has values that are not finite; export it again without them");
  }
  return rasters;
}

}  // namespace impasto
