// Fuzzes the networks of Caffe.
#include "network/import/caffe.h"

#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::run(
      [&] { fuzz::assemble(network::read_caffemodel(fuzz::bytes_of(data, size), fuzz::kSource)); });
}
