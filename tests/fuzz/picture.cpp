// Fuzzes pictures of every format. They are read from files, so each input becomes one for a moment.
#include "impasto/image.h"
#include "support/weights.h"
#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "picture";
  test::write_bytes(file, fuzz::text_of(data, size));
  fuzz::run([&] { read_size(file); });
  return fuzz::run([&] { load_image(file); });
}
