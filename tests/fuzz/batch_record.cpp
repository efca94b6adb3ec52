// Fuzzes what a batch keeps of each item.
#include "batch/manifest.h"
#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::run([&] {
    const std::string text =
        batch::record_to_json(batch::record_from_json(fuzz::text_of(data, size), fuzz::kSource));
    if (batch::record_to_json(batch::record_from_json(text, fuzz::kSource)) != text) std::abort();
  });
}
