// Fuzzes models of TensorFlow.js: the JSON, and after a zero byte what stands in for every shard.
#include "network/import/tensorflow_js.h"

#include "target.h"

#include <algorithm>

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::run([&] {
    const std::string_view text = fuzz::text_of(data, size);
    const size_t end = std::min(text.find(char{0}), size);
    const auto shard = fuzz::bytes_of(data, size).subspan(std::min(end + 1, size));
    fuzz::assemble(network::read_tensorflow_js(text.substr(0, end), fuzz::kSource,
                                               [&](const std::string&) { return shard; }));
  });
}
