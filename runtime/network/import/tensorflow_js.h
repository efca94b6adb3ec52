// TensorFlow.js: a model.json whose weights manifest describes tensors that lie end to end in binary shards beside it.
#pragma once

#include "network/import/tensor.h"

#include <functional>

namespace impasto::network {

// Called with a shard's name, which is a plain one without folders; what it returns must stay until read_tensorflow_js is done.
using ReadShard = std::function<std::span<const std::byte>(const std::string& name)>;

// float32, also quantised to float16, uint8 and uint16; other types are left out. Throws Error(input): not such a JSON, a shard outside of
// the folder, or shards of another size than the tensors.
std::vector<FoundTensor> read_tensorflow_js(std::string_view json, std::string_view source,
                                            const ReadShard& read_shard);

}  // namespace impasto::network
