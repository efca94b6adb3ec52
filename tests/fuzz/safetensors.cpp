// Fuzzes safetensors files, and the network and the convention in them.
#include "network/safetensors.h"

#include "network/convention.h"
#include "network/network.h"
#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::run([&] {
    const network::Safetensors contents =
        network::parse_safetensors(fuzz::bytes_of(data, size), fuzz::kSource);
    network::convention_of(contents.metadata, fuzz::kSource);
    network::recognise_network(contents, fuzz::kSource);
    for (const auto& [name, tensor] : contents.tensors) tensor.first_not_finite();
  });
}
