// What a network was trained to see: order, range, mean and deviation of its input, kept in a weight file's metadata.
#pragma once

#include "impasto/recipe.h"

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace impasto::network {

// Input channel k of conv1_1 is (range·x − mean) / deviation of the picture's channel c, x in [0,1]; c is 2 − k for BGR, else k.
struct Convention {
  ChannelOrder order = ChannelOrder::bgr;
  double range = 255;
  std::array<double, 3> mean{123.68, 116.779, 103.939};  // RGB order, on the range's scale
  std::array<double, 3> deviation{1, 1, 1};              // RGB order, on the range's scale
  bool operator==(const Convention&) const = default;
};

// The Oxford networks as Caffe runs them: 0 to 255 minus the mean of the training pictures (K. Simonyan, A. Zisserman,
// arXiv:1409.1556, section 2.1; the digits are of their model file).
Convention caffe_convention(ChannelOrder order);

// torchvision's own training: 0 to 1, minus mean, by deviation (docs, torchvision.models).
Convention torchvision_convention(ChannelOrder order);

// "caffe-bgr-mean", "torchvision-rgb-normalised"; "other" for numbers of neither.
std::string convention_name(const Convention& convention);

// From the keys "input_order" (bgr, rgb), "input_range", "input_mean" and "input_std" (three numbers in the order that conv1_1 takes
// them); what is missing is as in a default Convention. Throws Error(input), naming the key, for a value that is none or out of range;
// source names the file.
Convention convention_of(const std::map<std::string, std::string>& metadata, std::string_view source);

// Those keys, and "convention" with the name. convention_of reads the same back.
std::map<std::string, std::string> convention_metadata(const Convention& convention);

// Input channel k of conv1_1 is scale[c]·x − mean[c], x in [0,1]; c as above.
struct NetworkInput {
  ChannelOrder order = ChannelOrder::bgr;
  std::array<double, 3> scale{};  // RGB order
  std::array<double, 3> mean{};   // RGB order
};

// What a recipe feeds to a network. Recipes are written for the Oxford networks; what one says differently from
// caffe_convention(bgr) (a range of 256, another mean or deviation, the other order) it does to the picture that any network
// sees: (range·x − mean) / deviation is taken back to [0,1] by the Oxford numbers and then treated as the network wants it.
NetworkInput network_input(const InputConvention& recipe, const Convention& network);

}  // namespace impasto::network
