// Fuzzes HDF5 files as Keras writes them.
#include "network/import/hdf5.h"

#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::run(
      [&] { fuzz::assemble(network::read_hdf5(fuzz::bytes_of(data, size), fuzz::kSource, fuzz::wanted)); });
}
