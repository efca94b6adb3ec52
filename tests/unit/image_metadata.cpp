// The run's settings inside the file, in every format, and files that are the same every time.
#include "catch.h"
#include "impasto/image.h"
#include "support/files.h"
#include "support/picture_file.h"
#include "support/weights.h"

#include <nlohmann/json.hpp>

using namespace impasto;
using namespace impasto::test;

TEST_CASE("Settings are found again in every format") {
  const TemporaryFolder folder;
  SaveOptions options;
  options.metadata = {{"recipe", "gatys"},
                      {"content", "Brücke.jpg"},
                      {"note", "line 1\nline \"2\""},
                      {"Software", "Impasto 1"}};
  for (const char* name : {"a.png", "a.jpg", "a.tif", "a.exr"}) {
    save_image(folder.path() / name, smooth_picture(8, 8), options);
    const auto input = OIIO::ImageInput::open((folder.path() / name).string());
    REQUIRE(input);
    INFO(name);
    const std::string text = input->spec().get_string_attribute("ImageDescription");
    const auto json = nlohmann::json::parse(text, nullptr, false);
    REQUIRE(json.is_object());
    CHECK(json.size() == 3);
    CHECK(json.at("content") == "Brücke.jpg");
    CHECK(json.at("note") == "line 1\nline \"2\"");
    CHECK(std::string(input->spec().get_string_attribute("Software")) == "Impasto 1");
  }
}

TEST_CASE("Text that no longer fits is left out, and the picture is saved") {
  const TemporaryFolder folder;
  SaveOptions options;
  options.metadata = {{"note", std::string(100000, 'x')}};
  for (const char* name : {"a.png", "a.jpg", "a.tif", "a.exr", "a.webp"}) {
    save_image(folder.path() / name, smooth_picture(8, 8), options);
    CHECK(load_image(folder.path() / name).width == 8);
  }
}

TEST_CASE("No file tells when it was written or by which library, so that runs can be compared") {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.jpg", "a.tif", "a.exr"}) {
    const std::filesystem::path file = folder.path() / name;
    save_image(file, smooth_picture(9, 7, true));
    const auto input = OIIO::ImageInput::open(file.string());
    REQUIRE(input);
    INFO(name);
    CHECK(input->spec().find_attribute("DateTime") == nullptr);
    CHECK(read_text(file).find("OpenImageIO") == std::string::npos);
  }
}
