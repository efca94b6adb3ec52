// The formats pictures are written in.
#include "image/output_format.h"

#include "impasto/error.h"
#include "impasto/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace impasto {
namespace {

using Extension = std::pair<const char*, OutputFormat>;

const std::array<Extension, 7>& extensions() {
  static const OutputFormat jpeg{"jpeg", {8}, false, false, kMaxImageSide};
  static const OutputFormat tiff{"tiff", {16, 8, 32}, true, false, kMaxImageSide};
  static const std::array<Extension, 7> table = {{{".jpg", jpeg},
                                                  {".jpeg", jpeg},
                                                  {".png", {"png", {8, 16}, true, false, kMaxImageSide}},
                                                  {".tif", tiff},
                                                  {".tiff", tiff},
                                                  {".exr", {"openexr", {32, 16}, true, true, kMaxImageSide}},
                                                  {".webp", {"webp", {8}, true, false, 16383}}}};
  return table;
}

}  // namespace

const OutputFormat& output_format(const std::filesystem::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto& table = extensions();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Extension& entry) { return extension == entry.first; });
  if (found != table.end()) return found->second;
  throw Error(ErrorKind::input,
              fmt::format("cannot write '{}': its extension '{}' is no picture format; use .jpg, .png, .tif, "
                          ".exr or .webp",
                          file.string(), extension));
}

int output_bits(const std::filesystem::path& file, const OutputFormat& format, int asked) {
  if (asked == 0) return format.bits.front();
  if (std::find(format.bits.begin(), format.bits.end(), asked) != format.bits.end()) return asked;
  throw Error(ErrorKind::usage,
              fmt::format("cannot write '{}' with {} bits: {} holds {}; ask for one of them", file.string(),
                          asked, format.name, fmt::join(format.bits, ", ")));
}

}  // namespace impasto
