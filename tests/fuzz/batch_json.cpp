// Fuzzes batches in JSON.
#include "impasto/batch.h"
#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::run([&] { batch_from_json(fuzz::text_of(data, size), fuzz::kSource); });
}
