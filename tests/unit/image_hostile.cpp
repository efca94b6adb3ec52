// Bad pictures: each is refused with one clear line, and none does harm.
#include "catch.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "support/files.h"
#include "support/picture_file.h"
#include "support/weights.h"

#include <limits>

using namespace impasto;
using namespace impasto::test;

namespace {

std::string refusal_of(const std::filesystem::path& file) {
  const std::string what = refusal(ErrorKind::input, [&] { load_image(file); });
  CHECK_THAT(what, contains(file.string()));
  return what;
}

bool same(const Image& a, const Image& b) {
  return a.width == b.width && a.height == b.height && a.rgb == b.rgb && a.alpha == b.alpha;
}

}  // namespace

TEST_CASE("What is no picture is refused by name and reason") {
  const TemporaryFolder folder;
  CHECK_THAT(refusal_of(folder.path() / "missing.png"), contains("no such file"));
  CHECK_THAT(refusal_of(folder.path()), contains("folder"));
  write_bytes(folder.path() / "empty.jpg", "");
  CHECK_THAT(refusal_of(folder.path() / "empty.jpg"), contains("empty"));
  for (const char* name :
       {"text.png", "text.jpg", "text.exr", "text.tif", "text.webp", "text", "text.null"}) {
    write_bytes(folder.path() / name, "this is not a picture but a line of text\n");
    CHECK_THAT(refusal_of(folder.path() / name), contains("not a picture"));
  }
  CHECK_THAT(refusal_of("/dev/null"), contains("regular file"));
}

TEST_CASE("A format that is not announced as one of ours is never guessed, whatever the library could read") {
  const TemporaryFolder folder;
  for (const char* name : {"a.ppm", "a.png"}) {
    write_bytes(folder.path() / name, "P3 1 1 255 1 2 3\n");
    CHECK_THAT(refusal_of(folder.path() / name), contains("known format"));
  }
}

TEST_CASE("A truncated file is refused, wherever it ends, unless no pixel is missing") {
  const TemporaryFolder folder;
  const std::string name = GENERATE("a.png", "a.jpg", "a.tif", "a.exr", "a.webp");
  const bool alpha = GENERATE(false, true);
  INFO(name);
  Image image = coloured_noise(60, 40, 9);
  if (alpha) image.alpha = smooth_picture(60, 40, true).alpha;
  save_image(folder.path() / name, image);
  const Image whole = load_image(folder.path() / name);
  const std::string bytes = read_text(folder.path() / name);
  const std::filesystem::path cut = folder.path() / ("cut" + name.substr(1));
  const size_t step = std::max<size_t>(bytes.size() / 80, 1);
  size_t accepted = 0;
  for (size_t length = 1; length < bytes.size();
       length += length < 64 || bytes.size() - length < 64 ? 1 : step) {
    write_bytes(cut, std::string_view(bytes).substr(0, length));
    INFO("cut to " << length << " of " << bytes.size());
    try {
      const Image got = load_image(cut);
      REQUIRE(same(got, whole));
      ++accepted;
    } catch (const Error& error) {
      REQUIRE(error.kind() == ErrorKind::input);
    }
  }
  CHECK(accepted <= 24);  // checksums and end marks
}

TEST_CASE("Flipped bytes never do worse than an error or other colours") {
  const TemporaryFolder folder;
  const std::string name = GENERATE("a.png", "a.jpg", "a.tif", "a.exr", "a.webp");
  const Image image = smooth_picture(24, 16, true);
  save_image(folder.path() / name, image);
  std::string bytes = read_text(folder.path() / name);
  for (size_t at = 0; at < bytes.size(); at += std::max<size_t>(bytes.size() / 150, 1)) {
    const char kept = bytes[at];
    bytes[at] = static_cast<char>(kept ^ 0xff);
    write_bytes(folder.path() / name, bytes);
    bytes[at] = kept;
    try {
      const Image got = load_image(folder.path() / name);
      CHECK(got.rgb.size() == static_cast<size_t>(got.width) * static_cast<size_t>(got.height) * 3);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::input);
    }
  }
}

TEST_CASE("Sides of zero or beyond the limit are refused before any memory is taken") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "a.png";
  for (const auto& [width, height] : std::vector<std::pair<uint32_t, uint32_t>>{
           {0, 5}, {5, 0}, {100000, 100000}, {32769, 1}, {1, 100000}, {0x7fffffff, 0x7fffffff}}) {
    write_bytes(file, png_bytes(width, height, 8, 2, {"abc"}));
    refusal_of(file);
  }
  write_bytes(file, png_bytes(32769, 1, 8, 2, {"abc"}));
  CHECK_THAT(refusal_of(file), contains("32769 x 1"));
  // The largest that is allowed, without its pixels: ends at the first band.
  write_bytes(file, png_bytes(32768, 32768, 8, 2, {"abc"}));
  CHECK_THAT(refusal_of(file), contains("truncated or damaged"));
}

TEST_CASE("Values that are not finite are refused") {
  const TemporaryFolder folder;
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()}) {
    for (const char* name : {"a.exr", "a.tif"}) {
      std::vector<float> values(4 * 4 * 3, 0.5F);
      values[20] = bad;
      write_picture(folder.path() / name, OIIO::ImageSpec(4, 4, 3, OIIO::TypeFloat), values);
      CHECK_THAT(refusal_of(folder.path() / name), contains("not finite"));
    }
  }
  Image image = smooth_picture(4, 4);
  image.rgb[7] = std::numeric_limits<float>::quiet_NaN();
  refusal(ErrorKind::input, [&] { save_image(folder.path() / "b.png", image); });
  CHECK(entries(folder.path()) == std::vector<std::string>{"a.exr", "a.tif"});
}

TEST_CASE("An alpha of almost nothing gives no value that is not finite") {
  const TemporaryFolder folder;
  OIIO::ImageSpec spec(1, 1, 4, OIIO::TypeFloat);
  write_picture(folder.path() / "a.exr", spec, {1e30F, 1, 1, 1e-30F});
  refusal_of(folder.path() / "a.exr");
}
