// Fuzzes optical flow in .flo files. They are read from files, so each input becomes one for a moment.
#include "image/flow.h"

#include "support/weights.h"
#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "flow.flo";
  test::write_bytes(file, fuzz::text_of(data, size));
  return fuzz::run([&] { certainty(resized(load_flow(file), 5, 4), nullptr); });
}
