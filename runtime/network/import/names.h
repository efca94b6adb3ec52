// What the known programs call the parameters of VGG's convolutions.
#pragma once

#include "network/layers.h"

#include <optional>
#include <set>
#include <string_view>

namespace impasto::network {

// "conv1_1.weight", "conv1_1_W", "block1_conv1/block1_conv1_W_1:0", "block1_conv1/kernel", "features.0.weight", "0.bias".
struct ParameterName {
  std::optional<LayerId> layer;  // by name
  std::optional<int> position;   // or by place in a sequence of layers, from 0
  bool is_bias = false;
};

// Nothing for everything else ("classifier.0.weight", "fc6_W", "block1_pool").
std::optional<ParameterName> parse_parameter(std::string_view name);

// The convolution at a position of torchvision's "features", where each is followed by a ReLU and each block by a pooling layer.
std::optional<LayerId> layer_at(const Topology& topology, int position);

// VGG-16 or VGG-19, whichever has convolutions at all these positions, the former when both do; nothing when neither does.
const Topology* topology_of(const std::set<int>& positions);

}  // namespace impasto::network
