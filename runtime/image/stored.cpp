// A picture as its file has it, whichever way its format has to be read.
#include "image/stored.h"

#include "image/clean.h"
#include "image/exif.h"
#include "image/input.h"
#include "image/webp_container.h"
#include "impasto/image.h"

#include <OpenImageIO/strutil.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace impasto {
namespace {

namespace fs = std::filesystem;

void check_file(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found) fail_reading(file, "there is no such file; check the name");
  if (status.type() == fs::file_type::directory)
    fail_reading(file, "it is a folder; give the name of a picture");
  if (!fs::is_regular_file(status))
    fail_reading(file, "it is not a regular file; give the name of a picture");
  if (!std::ifstream(file, std::ios::binary)) fail_reading(file, "it may not be read; check its permissions");
  if (fs::file_size(file, error) == 0) fail_reading(file, "it is empty; replace it");
}

IccProfile profile_of(const OIIO::ImageSpec& spec) {
  const OIIO::ParamValue* attribute = spec.find_attribute("ICCProfile");
  if (!attribute || attribute->type().basetype != OIIO::TypeDesc::UINT8) return {};
  const auto* bytes = static_cast<const std::uint8_t*>(attribute->data());
  return {bytes, bytes + attribute->datasize()};
}

float gamma_of(const OIIO::ImageSpec& spec) {
  const std::string space = spec.get_string_attribute("oiio:ColorSpace");
  if (OIIO::Strutil::iequals(space, "linear")) return 1;
  const float gamma = spec.get_float_attribute("oiio:Gamma", 0);
  // Files for ordinary screens say 2.2 and mean sRGB.
  const bool ordinary = OIIO::Strutil::iequals(space, "sRGB") || std::abs(gamma - 2.2F) < 0.05F;
  return ordinary || !(gamma > 0.1F && gamma < 10) ? 0 : gamma;
}

Stored describe(const OIIO::ImageSpec& spec) {
  Stored stored;
  stored.gamma = gamma_of(spec);
  stored.icc = profile_of(spec);
  stored.orientation = spec.get_int_attribute("Orientation", 1);
  stored.multiplied = spec.get_int_attribute("oiio:UnassociatedAlpha", 0) == 0;
  return stored;
}

void read_into(Stored& stored, PictureInput& picture, const ChannelChoice& choice) {
  std::vector<std::vector<int>> groups{choice.colour};
  if (choice.alpha >= 0) groups.push_back({choice.alpha});
  std::vector<Raster> rasters = read_channels(picture, groups);
  stored.colour = std::move(rasters.front());
  if (choice.alpha >= 0) stored.alpha = std::move(rasters.back());
}

bool is_cmyk(const OIIO::ImageSpec& spec) {
  return OIIO::Strutil::iequals(spec.get_string_attribute("tiff:ColorSpace"), "CMYK") ||
         spec.get_int_attribute("tiff:PhotometricInterpretation", 0) == 5;
}

std::vector<std::uint8_t> bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::uint8_t> bytes;
  std::error_code error;
  if (const std::uintmax_t size = fs::file_size(file, error); !error) bytes.reserve(size);
  bytes.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  return bytes;
}

std::optional<CleanFile> clean_file(const fs::path& file, const std::string& format) {
  if (format == "png") return clean_png(bytes_of(file));
  if (format == "jpeg") return clean_jpeg(bytes_of(file));
  return clean_tiff(bytes_of(file));
}

// A file of which everything but the pixels is known.
struct Opened {
  PictureInput picture;
  Stored stored;
  bool raw_colour = false;
};

Opened open_checked(const fs::path& file, const std::string& format) {
  std::optional<CleanFile> clean = clean_file(file, format);
  if (!clean) fail_reading(file, "it is truncated or damaged; replace it");
  if (clean->size) check_size(file, clean->size->width, clean->size->height);
  PictureInput picture = open_picture(file, std::move(clean->bytes), format);
  const bool raw_colour = format == "tiff" && is_cmyk(picture.reader->spec());
  if (raw_colour) {
    picture.reader.reset();
    picture = open_picture(file, std::move(picture.bytes), format, raw_colour);
  }
  Stored stored = describe(picture.reader->spec());
  stored.icc = std::move(clean->icc);
  stored.orientation = clean->orientation.value_or(stored.orientation);
  return {std::move(picture), std::move(stored), raw_colour};
}

// The library keeps neither profile nor EXIF.
Opened open_webp(const fs::path& file) {
  std::vector<std::uint8_t> bytes = bytes_of(file);
  const std::vector<WebpChunk> chunks = webp_chunks(bytes);
  if (chunks.empty()) fail_reading(file, "it is truncated or damaged; replace it");
  Stored stored;
  const std::span<const std::uint8_t> icc = find_chunk(chunks, "ICCP");
  stored.icc.assign(icc.begin(), icc.end());
  stored.orientation = exif_orientation(find_chunk(chunks, "EXIF"));
  return {open_picture(file, std::move(bytes), "webp"), std::move(stored)};
}

Opened open_file(const fs::path& file) {
  check_file(file);
  const std::string format = format_of(file);
  if (format == "webp") return open_webp(file);
  if (format == "png" || format == "jpeg" || format == "tiff") return open_checked(file, format);
  PictureInput picture = open_picture(file, format);
  Stored stored = describe(picture.reader->spec());
  return {std::move(picture), std::move(stored)};
}

// The library multiplies WebP's colours by their alpha in 8 bits; without their alpha they are as stored.
void read_opaque_webp(const PictureInput& webp, Stored& stored) {
  if (std::optional<std::vector<std::uint8_t>> opaque = webp_without_alpha(webp_chunks(webp.bytes))) {
    PictureInput colours = open_picture(webp.file, *std::move(opaque), "webp");
    Raster raster = read_channels(colours, {{0, 1, 2}}).front();
    if (raster.values.size() == stored.colour.values.size()) stored.colour = std::move(raster);
  } else {
    stored.multiplied = true;
  }
}

}  // namespace

PictureSize read_size(const fs::path& file) {
  const Opened opened = open_file(file);
  const OIIO::ImageSpec& spec = opened.picture.reader->spec();
  const int orientation = opened.stored.orientation;
  const bool turned = orientation >= 5 && orientation <= 8;
  return turned ? PictureSize{spec.height, spec.width} : PictureSize{spec.width, spec.height};
}

Stored read_stored(const fs::path& file) {
  Opened opened = open_file(file);
  const OIIO::ImageSpec& spec = opened.picture.reader->spec();
  read_into(opened.stored, opened.picture, choose_channels(spec, opened.raw_colour));
  const bool webp = std::string_view(opened.picture.reader->format_name()) == "webp";
  if (webp && opened.stored.alpha) read_opaque_webp(opened.picture, opened.stored);
  return std::move(opened.stored);
}

}  // namespace impasto
