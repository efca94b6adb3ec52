// Fuzzes PyTorch's state dicts, in a zip archive or as a sequence of pickles.
#include "network/import/torch_file.h"
#include "network/import/zip.h"
#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::run([&] {
    const auto bytes = fuzz::bytes_of(data, size);
    const bool is_zip = fuzz::text_of(data, size).starts_with("PK");
    fuzz::assemble(is_zip ? network::read_torch_zip(network::ZipArchive(bytes, fuzz::kSource), fuzz::kSource)
                          : network::read_torch_legacy(bytes, fuzz::kSource));
  });
}
