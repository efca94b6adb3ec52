// The layers of VGG-16 and VGG-19, and their names in the spellings of the known programs.
// K. Simonyan, A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
// arXiv:1409.1556, table 1, columns D and E.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::network {

struct LayerId {
  int block = 1;        // 1 to 5; a pooling layer stands before each block but the first
  int convolution = 1;  // within the block, from 1
  bool operator==(const LayerId&) const = default;

  std::string convolution_name() const;  // "conv4_2"
  std::string activation_name() const;   // "relu4_2"
};

struct Topology {
  std::string_view name;
  std::array<int, 5> convolutions;  // of each block; all are 3×3 with a border of one zero, a ReLU after each
};

inline constexpr Topology kVgg16{"vgg16", {2, 2, 3, 3, 3}};
inline constexpr Topology kVgg19{"vgg19", {2, 2, 4, 4, 4}};

// In the order of evaluation.
std::vector<LayerId> layers(const Topology& topology);

// "relu4_2", "conv4_2", "block4_conv2" and "r42", in any case; nothing for other texts and for layers that
// VGG-19 does not have.
std::optional<LayerId> parse_layer(std::string_view name);

// "relu4_2" for any of its spellings. Throws Error(usage) with the nearest name.
std::string canonical_layer(std::string_view name);

}  // namespace impasto::network
