// Fuzzes NumPy's archives.
#include "network/import/npz.h"
#include "network/import/zip.h"
#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::run([&] {
    const network::ZipArchive archive(fuzz::bytes_of(data, size), fuzz::kSource);
    fuzz::assemble(network::read_npz(archive, fuzz::kSource, fuzz::wanted));
  });
}
