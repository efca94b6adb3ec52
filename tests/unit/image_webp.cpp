// What we carry in and out of WebP ourselves: colours under transparency, profile, EXIF.
#include "catch.h"
#include "image/colour.h"
#include "image/exif.h"
#include "image/webp_container.h"
#include "impasto/image.h"
#include "support/files.h"
#include "support/picture_file.h"
#include "support/weights.h"

using namespace impasto;
using namespace impasto::test;

namespace {

std::vector<uint8_t> bytes_of(const std::filesystem::path& file) {
  const std::string text = read_text(file);
  return {text.begin(), text.end()};
}

std::string text_of(std::span<const uint8_t> bytes) {
  return {bytes.begin(), bytes.end()};
}

std::vector<uint8_t> oriented_exif(int orientation, bool big_endian, bool prefix) {
  std::vector<uint8_t> block;
  if (prefix) block = {'E', 'x', 'i', 'f', 0, 0};
  const auto value = static_cast<uint8_t>(orientation);
  const std::vector<uint8_t> little = {'I', 'I', 42, 0, 8, 0,     0, 0, 1, 0, 0x12, 1, 3,
                                       0,   1,   0,  0, 0, value, 0, 0, 0, 0, 0,    0, 0};
  const std::vector<uint8_t> big = {'M', 'M', 0, 42, 0, 0, 0,     8, 0, 1, 1, 0x12, 0,
                                    3,   0,   0, 0,  1, 0, value, 0, 0, 0, 0, 0,    0};
  const std::vector<uint8_t>& directory = big_endian ? big : little;
  block.insert(block.end(), directory.begin(), directory.end());
  return block;
}

}  // namespace

TEST_CASE("WebP keeps colours under transparency and carries profile and settings") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "a.webp";
  Image image = smooth_picture(33, 20, true);
  std::fill(image.alpha.begin(), image.alpha.begin() + 100, 0.0F);
  SaveOptions options;
  options.metadata = {{"impasto", "settings"}, {"Software", "Impasto"}};
  save_image(file, image, options);

  const std::vector<uint8_t> bytes = bytes_of(file);
  const std::vector<WebpChunk> chunks = webp_chunks(bytes);
  REQUIRE_FALSE(chunks.empty());
  CHECK(text_of(find_chunk(chunks, "ICCP")) == std::string(srgb_profile().begin(), srgb_profile().end()));
  CHECK(text_of(find_chunk(chunks, "EXIF")).find(R"({"impasto":"settings"})") != std::string::npos);
  const Image back = load_image(file);
  CHECK(largest_difference(back.rgb, image.rgb) < 0.08);
  CHECK(largest_difference(back.alpha, image.alpha) <= 0.5 / 255 + 1e-6);
}

TEST_CASE("WebP files are turned and converted as their chunks say") {
  const TemporaryFolder folder;
  OIIO::ImageSpec spec(16, 8, 3, OIIO::TypeUInt8);
  spec.attribute("compression", "lossless");
  write_picture(folder.path() / "plain.webp", spec, coloured_noise(16, 8, 3).rgb);
  const std::vector<uint8_t> plain = bytes_of(folder.path() / "plain.webp");
  const Image image = load_image(folder.path() / "plain.webp");
  for (const bool big_endian : {false, true}) {
    for (const bool prefix : {false, true}) {
      const std::vector<uint8_t> exif = oriented_exif(6, big_endian, prefix);
      const auto turned = webp_with_extras(plain, {16, 8, {}, exif, {}});
      REQUIRE(turned);
      write_bytes(folder.path() / "turned.webp", text_of(*turned));
      const Image back = load_image(folder.path() / "turned.webp");
      CHECK(back.width == 8);
      CHECK(back.height == 16);
      // Orientation 6: the top row is what is stored as the left column, read upwards.
      CHECK(back.rgb[0] == image.rgb[7 * 16 * 3]);
    }
  }
}

TEST_CASE("The alpha of a lossless WebP is set aside to get at its colours") {
  const TemporaryFolder folder;
  OIIO::ImageSpec spec(8, 4, 3, OIIO::TypeUInt8);
  spec.attribute("compression", "lossless");
  write_picture(folder.path() / "a.webp", spec, coloured_noise(8, 4, 8).rgb);
  const std::vector<uint8_t> plain = bytes_of(folder.path() / "a.webp");
  std::vector<uint8_t> with_alpha = plain;
  constexpr size_t kAlphaByte = 12 + 8 + 4;
  with_alpha[kAlphaByte] |= 0x10;
  write_bytes(folder.path() / "b.webp", text_of(with_alpha));
  const Image image = load_image(folder.path() / "b.webp");
  CHECK(image.rgb == load_image(folder.path() / "a.webp").rgb);
  CHECK(image.alpha == std::vector<float>(32, 1.0F));
  const auto opaque = webp_without_alpha(webp_chunks(with_alpha));
  REQUIRE(opaque);
  CHECK(text_of(*opaque) == text_of(plain));
}

TEST_CASE("Damaged EXIF blocks and containers are taken for none") {
  const std::vector<uint8_t> whole = oriented_exif(8, false, true);
  CHECK(exif_orientation(whole) == 8);
  for (size_t length = 0; length < whole.size(); ++length) {
    const int orientation = exif_orientation(std::span(whole).first(length));
    CHECK((orientation == 1 || orientation == 8));
  }
  CHECK(exif_orientation(oriented_exif(9, false, false)) == 1);
  std::vector<uint8_t> far = oriented_exif(8, false, false);
  far[4] = far[5] = far[6] = far[7] = 0xff;
  CHECK(exif_orientation(far) == 1);

  CHECK(webp_chunks({}).empty());
  const std::string lying("RIFF\x10\0\0\0WEBPVP8 \xff\xff\xff\xff", 20);
  CHECK(webp_chunks(std::vector<uint8_t>(lying.begin(), lying.end())).empty());
}
