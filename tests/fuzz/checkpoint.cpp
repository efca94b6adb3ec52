// Fuzzes checkpoints.
#include "session/checkpoint.h"

#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::run([&] { session::parse_checkpoint(fuzz::bytes_of(data, size), fuzz::kSource); });
}
