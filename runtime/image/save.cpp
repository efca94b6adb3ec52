// save_image and check_writable.
#include "base/atomic_file.h"
#include "image/encode.h"
#include "image/output_format.h"
#include "impasto/error.h"
#include "impasto/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <exception>

namespace impasto {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& reason) {
  throw Error(ErrorKind::input, fmt::format("cannot write '{}': {}", file.string(), reason));
}

bool all_finite(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

void check_image(const std::filesystem::path& file, const Image& image, const OutputFormat& format) {
  [[maybe_unused]] const std::size_t pixels =
      static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  assert(image.width > 0 && image.height > 0 && image.rgb.size() == pixels * 3);
  assert(image.alpha.empty() || image.alpha.size() == pixels);
  if (std::max(image.width, image.height) > format.max_side) {
    fail(file,
         fmt::format("{} holds at most {} pixels a side and the picture is {} x {}; choose another format",
                     format.name, format.max_side, image.width, image.height));
  }
  if (!all_finite(image.rgb) || !all_finite(image.alpha)) {
    fail(file, "the picture has values that are not finite; a lower learning rate may help");
  }
}

}  // namespace

void save_image(const std::filesystem::path& file, const Image& image, const SaveOptions& options) {
  const OutputFormat& format = output_format(file);
  const int bits = output_bits(file, format, options.bits);
  if (options.jpeg_quality < 1 || options.jpeg_quality > 100) {
    throw Error(ErrorKind::usage,
                fmt::format("the JPEG quality {} is not from 1 to 100", options.jpeg_quality));
  }
  check_image(file, image, format);
  AtomicFile output(file, options.overwrite);
  std::vector<std::vector<std::uint8_t>> pieces;
  try {
    pieces = encode_picture(image, format, bits, options);
  } catch (const std::exception& error) {
    fail(file, fmt::format("{}; choose another format", error.what()));
  }
  for (const std::vector<std::uint8_t>& piece : pieces) output.write(std::as_bytes(std::span(piece)));
  output.commit();
}

void check_writable(const std::filesystem::path& file, bool overwrite) {
  output_format(file);
  AtomicFile probe(file, overwrite);  // goes again without a commit
}

}  // namespace impasto
