// The eight EXIF orientations: each is a known picture stored turned or mirrored.
#include "catch.h"
#include "image/orientation.h"
#include "impasto/image.h"
#include "support/fixtures.h"
#include "support/picture_file.h"
#include "support/skip.h"
#include "support/weights.h"

#include <array>
#include <string>

using namespace impasto;
using namespace impasto::test;

namespace {

// A 3 × 2 picture
//   1 2 3
//   4 5 6
// as a camera stores it for each orientation: row 0 and column 0 of what is stored are the sides that the EXIF table names.
struct Stored {
  int orientation;
  int width;
  std::vector<float> values;
};

const std::array<Stored, 8> kStored = {{{1, 3, {1, 2, 3, 4, 5, 6}},    // top, left
                                        {2, 3, {3, 2, 1, 6, 5, 4}},    // top, right
                                        {3, 3, {6, 5, 4, 3, 2, 1}},    // bottom, right
                                        {4, 3, {4, 5, 6, 1, 2, 3}},    // bottom, left
                                        {5, 2, {1, 4, 2, 5, 3, 6}},    // left, top
                                        {6, 2, {3, 6, 2, 5, 1, 4}},    // right, top
                                        {7, 2, {6, 3, 5, 2, 4, 1}},    // right, bottom
                                        {8, 2, {4, 1, 5, 2, 6, 3}}}};  // left, bottom

}  // namespace

TEST_CASE("Every orientation is turned upright") {
  for (const Stored& stored : kStored) {
    Raster raster{stored.width, 6 / stored.width, 1, stored.values};
    make_upright(raster, stored.orientation);
    INFO("orientation " << stored.orientation);
    CHECK(raster.width == 3);
    CHECK(raster.height == 2);
    CHECK(raster.values == std::vector<float>{1, 2, 3, 4, 5, 6});
  }
}

TEST_CASE("Unknown orientations count as upright") {
  for (const int orientation : {0, 9, -1, 65535}) {
    Raster raster{2, 1, 1, {1, 2}};
    make_upright(raster, orientation);
    CHECK(raster.values == std::vector<float>{1, 2});
  }
}

TEST_CASE("Files are loaded upright, colour and alpha together") {
  const TemporaryFolder folder;
  const Stored stored = GENERATE(from_range(kStored));
  const char* name = GENERATE("a.tif", "a.jpg");
  const bool alpha = std::string(name) == "a.tif";
  // Blocks of 8 x 8 pixels, so that JPEG keeps each value.
  constexpr int kBlock = 8;
  const int width = stored.width * kBlock;
  const int height = 6 / stored.width * kBlock;
  std::vector<float> values;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int block = y / kBlock * stored.width + x / kBlock;
      const float value = stored.values[static_cast<size_t>(block)] / 10;
      values.insert(values.end(), 3, value);
      if (alpha) values.push_back(1 - value);
    }
  }
  OIIO::ImageSpec spec(width, height, alpha ? 4 : 3, OIIO::TypeUInt8);
  spec.attribute("Orientation", stored.orientation);
  spec.attribute("oiio:UnassociatedAlpha", 1);
  write_picture(folder.path() / name, spec, values);

  const Image image = load_image(folder.path() / name);
  INFO(name << ", orientation " << stored.orientation);
  REQUIRE(image.width == 3 * kBlock);
  REQUIRE(image.height == 2 * kBlock);
  for (int block = 0; block < 6; ++block) {
    const int x = block % 3 * kBlock + kBlock / 2;
    const int y = block / 3 * kBlock + kBlock / 2;
    const auto pixel = static_cast<size_t>(y * image.width + x);
    CHECK(image.rgb[pixel * 3] == Approx((block + 1) / 10.0).margin(0.01));
    if (alpha) CHECK(image.alpha[pixel] == Approx(1 - (block + 1) / 10.0).margin(0.01));
  }
}

TEST_CASE("The size that is told before is the one that is loaded") {
  IMPASTO_REQUIRE_FIXTURES();
  const std::filesystem::path seeds = weight_fixtures().parent_path() / "fuzz/picture";
  for (const char* name : {"rgb.png", "turned.png", "turned.jpg", "cmyk.jpg", "packed.tif", "lossy.webp",
                           "packed.exr", "rgb.gif", "rgb.bmp"}) {
    INFO(name);
    const PictureSize size = read_size(seeds / name);
    const Image image = load_image(seeds / name);
    CHECK(size.width == image.width);
    CHECK(size.height == image.height);
    CHECK((image.width > image.height) != (std::string(name).find("turned") == 0));
  }
}
