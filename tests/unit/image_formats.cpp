// Pictures through files of every format and depth, with and without alpha, grey and palette.
#include "catch.h"
#include "impasto/image.h"
#include "support/picture_file.h"
#include "support/weights.h"

#include <cmath>

using namespace impasto;
using namespace impasto::test;

namespace {

struct Case {
  const char* name;
  int bits;
  bool alpha;      // whether the format keeps it
  double largest;  // difference, of an encoded value
};

Image through(const std::filesystem::path& file, const Image& image, int bits) {
  SaveOptions options;
  options.bits = bits;
  save_image(file, image, options);
  return load_image(file);
}

OIIO::ImageSpec stored_spec(const std::filesystem::path& file) {
  const auto input = OIIO::ImageInput::open(file.string());
  REQUIRE(input);
  return input->spec();
}

}  // namespace

TEST_CASE("Every format and depth gives back the picture") {
  const TemporaryFolder folder;
  const Case item =
      GENERATE(Case{"a.png", 0, true, 0.5 / 255}, Case{"a.png", 16, true, 0.5 / 65535},
               Case{"a.tif", 8, true, 0.5 / 255}, Case{"a.TIFF", 0, true, 0.5 / 65535},
               Case{"a.tiff", 32, true, 0}, Case{"a.exr", 0, true, 1e-6}, Case{"a.exr", 16, true, 1e-3},
               Case{"a.jpg", 0, false, 0.03}, Case{"a.JPEG", 8, false, 0.03}, Case{"a.webp", 0, true, 0.08});
  const bool alpha = GENERATE(false, true);
  INFO(item.name << " with " << item.bits << " bits, alpha " << alpha);
  const Image image = smooth_picture(67, 41, alpha);
  const Image back = through(folder.path() / item.name, image, item.bits);
  REQUIRE(back.width == image.width);
  REQUIRE(back.height == image.height);
  // Where a picture is transparent or nearly, what is stored multiplied cannot keep its colour as well.
  CHECK(largest_difference(back.rgb, image.rgb) <= item.largest + 1e-7);
  CHECK(back.alpha.empty() == !(alpha && item.alpha));
  if (!back.alpha.empty()) {
    CHECK(largest_difference(back.alpha, image.alpha) <= (item.bits == 16 ? 1e-3 : 0.5 / 255) + 1e-7);
  }
  CHECK(entries(folder.path()) == std::vector<std::string>{item.name});
}

TEST_CASE("Values of 8 bits survive exactly, once and again") {
  const TemporaryFolder folder;
  const Image image = coloured_noise(31, 17, 5);
  for (const char* name : {"a.png", "a.tif"}) {
    const Image once = through(folder.path() / name, image, 8);
    CHECK(largest_difference(once.rgb, image.rgb) < 1e-6);
    CHECK(through(folder.path() / ("again-" + std::string(name)), once, 8).rgb == once.rgb);
  }
}

TEST_CASE("Pictures of one pixel and of one row go through every format") {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.tif", "a.exr", "a.jpg", "a.webp"}) {
    for (const int width : {1, 37}) {
      const Image image = smooth_picture(width, 1, true);
      SaveOptions options;
      options.overwrite = true;
      save_image(folder.path() / name, image, options);
      const Image back = load_image(folder.path() / name);
      INFO(name);
      CHECK(back.width == width);
      CHECK(back.height == 1);
      CHECK(largest_difference(back.rgb, image.rgb) < 0.2);
    }
  }
}

TEST_CASE("The file has the depth asked for") {
  const TemporaryFolder folder;
  const auto type = [&](const char* name, int bits) {
    through(folder.path() / name, smooth_picture(4, 4), bits);
    return stored_spec(folder.path() / name).format;
  };
  CHECK(type("a.png", 0) == OIIO::TypeUInt8);
  CHECK(type("b.png", 16) == OIIO::TypeUInt16);
  CHECK(type("c.tif", 0) == OIIO::TypeUInt16);
  CHECK(type("d.tif", 32) == OIIO::TypeFloat);
  CHECK(type("e.exr", 0) == OIIO::TypeFloat);
  CHECK(type("f.exr", 16) == OIIO::TypeHalf);
}

TEST_CASE("Values beyond the range are cut by integers and kept by float") {
  const TemporaryFolder folder;
  const Image image{2, 1, {-0.25F, 0.5F, 1.5F, 0, 1, 0.25F}, {}};
  CHECK(through(folder.path() / "a.png", image, 0).rgb[0] == 0);
  CHECK(through(folder.path() / "b.png", image, 0).rgb[2] == 1);
  CHECK(largest_difference(through(folder.path() / "c.exr", image, 0).rgb, image.rgb) < 1e-6);
  CHECK(through(folder.path() / "d.tif", image, 32).rgb == image.rgb);
}

TEST_CASE("EXR holds light, multiplied by its alpha") {
  const TemporaryFolder folder;
  const Image image{1, 1, {0.5F, 0.5F, 0.5F}, {0.25F}};
  save_image(folder.path() / "a.exr", image);
  const auto input = OIIO::ImageInput::open((folder.path() / "a.exr").string());
  REQUIRE(input);
  std::vector<float> values(4);
  REQUIRE(input->read_image(0, 0, 0, 4, OIIO::TypeFloat, values.data()));
  const double light = std::pow((0.5 + 0.055) / 1.055, 2.4);  // IEC 61966-2-1
  CHECK(values[0] == Approx(light * 0.25).epsilon(1e-5));
  CHECK(values[3] == 0.25F);
}

TEST_CASE("Grey pictures become RGB, with and without alpha") {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.tif", "a.jpg", "a.exr"}) {
    OIIO::ImageSpec spec(2, 1, 1, OIIO::TypeUInt8);
    write_picture(folder.path() / name, spec, {0, 0.8F});
    const Image image = load_image(folder.path() / name);
    INFO(name);
    REQUIRE(image.rgb.size() == 6);
    CHECK(image.alpha.empty());
    CHECK(image.rgb[3] == image.rgb[4]);
    CHECK(image.rgb[3] == image.rgb[5]);
    CHECK(image.rgb[0] < 0.01);
  }
  write_bytes(folder.path() / "b.png", png_bytes(2, 1, 8, 4, {std::string("\x33\xff\xcc\x00", 4)}));
  const Image image = load_image(folder.path() / "b.png");
  CHECK(largest_difference(image.rgb, {0.2F, 0.2F, 0.2F, 0.8F, 0.8F, 0.8F}) < 1e-6);
  CHECK(image.alpha == std::vector<float>{1, 0});
}

TEST_CASE("Palettes, with transparent colours, and one bit a pixel are read") {
  const TemporaryFolder folder;
  const std::string palette = png_chunk("PLTE", std::string("\xff\x00\x00\x00\xff\x00\x00\x00\xff", 9));
  write_bytes(folder.path() / "a.png", png_bytes(4, 1, 2, 3, {"\x18"}, palette));  // 0, 1, 2, 0
  const Image image = load_image(folder.path() / "a.png");
  CHECK(image.rgb == std::vector<float>{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0});
  CHECK(image.alpha.empty());

  const std::string transparent = palette + png_chunk("tRNS", std::string("\xff\x33", 2));
  write_bytes(folder.path() / "b.png", png_bytes(4, 1, 2, 3, {"\x18"}, transparent));
  const Image see_through = load_image(folder.path() / "b.png");
  CHECK(see_through.rgb == image.rgb);
  CHECK(largest_difference(see_through.alpha, {1, 0.2F, 1, 1}) < 1e-6);

  write_bytes(folder.path() / "c.png", png_bytes(8, 1, 1, 0, {"\xa0"}));
  const Image bits = load_image(folder.path() / "c.png");
  CHECK(bits.rgb[0] == 1);
  CHECK(bits.rgb[3] == 0);
  CHECK(bits.rgb[6] == 1);
}

TEST_CASE("Of more than four channels R, G, B and A are taken by name") {
  const TemporaryFolder folder;
  OIIO::ImageSpec spec(1, 1, 6, OIIO::TypeFloat);
  spec.channelnames = {"Z", "B", "G", "R", "A", "N.X"};
  spec.alpha_channel = 4;
  write_picture(folder.path() / "a.exr", spec, {7, 1, 0.5F, 0, 1, 9});
  const Image image = load_image(folder.path() / "a.exr");
  CHECK(image.rgb[0] == 0);
  CHECK(image.rgb[1] == Approx(1.055 * std::pow(0.5, 1 / 2.4) - 0.055).epsilon(1e-5));
  CHECK(image.rgb[2] == Approx(1));
  CHECK(image.alpha == std::vector<float>{1});
}

TEST_CASE("Tiled files and files with an offset are read") {
  const TemporaryFolder folder;
  const Image image = coloured_noise(70, 45, 6);
  for (const char* name : {"a.tif", "a.exr"}) {
    OIIO::ImageSpec spec(70, 45, 3, OIIO::TypeFloat);
    spec.tile_width = 32;
    spec.tile_height = 16;
    spec.attribute("oiio:ColorSpace", "sRGB");
    spec.x = 11;
    spec.y = 5;
    write_picture(folder.path() / name, spec, image.rgb);
    const Image back = load_image(folder.path() / name);
    INFO(name);
    REQUIRE(back.rgb.size() == image.rgb.size());
    if (std::string(name) == "a.tif") CHECK(largest_difference(back.rgb, image.rgb) < 1e-6);
  }
}

TEST_CASE("A picture under the wrong extension is recognised") {
  const TemporaryFolder folder;
  const Image image = smooth_picture(12, 9);
  save_image(folder.path() / "a.png", image);
  std::filesystem::rename(folder.path() / "a.png", folder.path() / "b.jpg");
  CHECK(largest_difference(load_image(folder.path() / "b.jpg").rgb, image.rgb) < 0.003);
}
