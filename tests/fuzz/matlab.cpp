// Fuzzes the networks of MatConvNet.
#include "network/import/matlab.h"

#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::run(
      [&] { fuzz::assemble(network::read_matconvnet(fuzz::bytes_of(data, size), fuzz::kSource)); });
}
