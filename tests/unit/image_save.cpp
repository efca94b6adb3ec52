// Where pictures cannot be written: each is refused with one clear line and leaves nothing behind.
#include "catch.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "support/files.h"
#include "support/picture_file.h"
#include "support/weights.h"

using namespace impasto;
using namespace impasto::test;

namespace {

std::string refusal_to_save(const std::filesystem::path& file, const SaveOptions& options = {},
                            ErrorKind kind = ErrorKind::input) {
  return refusal(kind, [&] { save_image(file, smooth_picture(8, 8), options); });
}

}  // namespace

TEST_CASE("Unwritable names are refused, before a run and at its end alike") {
  const TemporaryFolder folder;
  const std::filesystem::path good = folder.path() / "a.png";
  const std::filesystem::path bad =
      GENERATE(values<std::string>({"a.xyz", "a", "missing/a.png", "folder.png", ""}));
  std::filesystem::create_directory(folder.path() / "folder.png");
  const std::filesystem::path file = folder.path() / bad;
  INFO(file);
  const std::string saving = refusal_to_save(file);
  const std::string checking = refusal(ErrorKind::input, [&] { check_writable(file, false); });
  CHECK(saving == checking);
  CHECK(entries(folder.path()) == std::vector<std::string>{"folder.png"});
  check_writable(good, false);
  CHECK(entries(folder.path()) == std::vector<std::string>{"folder.png"});
}

TEST_CASE("An existing file is kept unless it may be replaced") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "a.png";
  write_bytes(file, "precious");
  CHECK_THAT(refusal_to_save(file), contains("--overwrite"));
  CHECK(read_text(file) == "precious");
  refusal(ErrorKind::input, [&] { check_writable(file, false); });
  check_writable(file, true);
  CHECK(read_text(file) == "precious");
  SaveOptions options;
  options.overwrite = true;
  save_image(file, smooth_picture(8, 8), options);
  CHECK(load_image(file).width == 8);
  CHECK(entries(folder.path()) == std::vector<std::string>{"a.png"});
}

TEST_CASE("Settings that a format cannot hold are refused") {
  const TemporaryFolder folder;
  SaveOptions options;
  options.bits = 16;
  CHECK_THAT(refusal_to_save(folder.path() / "a.jpg", options, ErrorKind::usage), contains("holds 8"));
  options.bits = 32;
  refusal_to_save(folder.path() / "a.png", options, ErrorKind::usage);
  options.bits = 8;
  refusal_to_save(folder.path() / "a.exr", options, ErrorKind::usage);
  options.bits = 0;
  options.jpeg_quality = 0;
  refusal_to_save(folder.path() / "a.jpg", options, ErrorKind::usage);
  const Image wide{16384, 1, std::vector<float>(16384 * 3, 0.5F), {}};
  const std::string what = refusal(ErrorKind::input, [&] { save_image(folder.path() / "a.webp", wide); });
  CHECK_THAT(what, contains("16383"));
  CHECK(entries(folder.path()).empty());
}

TEST_CASE("A higher quality makes a larger and better JPEG and WebP") {
  const TemporaryFolder folder;
  const Image image = coloured_noise(48, 48, 4);
  for (const char* name : {"a.jpg", "a.webp"}) {
    double error[2];
    std::uintmax_t size[2];
    for (const int i : {0, 1}) {
      SaveOptions options;
      options.overwrite = true;
      options.jpeg_quality = i == 0 ? 30 : 98;
      save_image(folder.path() / name, image, options);
      size[i] = std::filesystem::file_size(folder.path() / name);
      const std::vector<float> back = load_image(folder.path() / name).rgb;
      error[i] = 0;
      for (size_t k = 0; k < back.size(); ++k) error[i] += std::abs(back[k] - image.rgb[k]);
    }
    CHECK(size[0] < size[1]);
    CHECK(error[0] > error[1]);
  }
}
