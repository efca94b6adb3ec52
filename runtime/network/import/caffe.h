// Caffe's networks: protobuf messages (protobuf.dev/programming-guides/encoding) of type NetParameter (caffe.proto), both the older
// "layers" and the newer "layer".
#pragma once

#include "network/import/tensor.h"

namespace impasto::network {

// The first two blobs of every layer that has two, as "conv1_1.weight" and "conv1_1.bias". Throws Error(input) for what is no such
// message.
std::vector<FoundTensor> read_caffemodel(std::span<const std::byte> file, std::string_view source);

}  // namespace impasto::network
