// The first layers of a network with their weights on the device.
#pragma once

#include "kernels/convolution.h"
#include "network/network.h"
#include "plan/program.h"

#include <vector>

namespace impasto::plan {

using kernels::Element;

class DeviceNetwork {
 public:
  struct Layer {
    network::Convolution convolution;
    kernels::ConvolutionWeights weights;
  };

  // The regions a layer's weights need, as values of a program without operations.
  struct LayerValues {
    Value winograd, bias, direct_forward, direct_backward, matrix_forward, matrix_backward;
  };

  // The first `depth` convolutions, without memory: what there is to plan with for such a device. element: as what it stores the
  // weights, the features and their gradients.
  DeviceNetwork(const vulkan::Caps& caps, const network::Network& network, size_t depth,
                Element element = Element::fp32);

  // The first `depth` convolutions; packs and uploads them one by one. Throws Error(input) when a weight is not finite.
  DeviceNetwork(vulkan::Device& device, const network::Network& network, size_t depth,
                Element element = Element::fp32);

  Element element() const { return element_; }
  bool matrices() const { return layers_.back().weights.matrix(); }  // multiply: cooperative ones

  // The features on the device are those of the network times this, a power of two: a ReLU network whose input and biases are scaled has
  // scaled features. In fp16 they reach 65504, and VGG-19's own reach a quarter of that.
  double feature_scale() const { return element_ == Element::fp16 ? 1.0 / 16 : 1; }

  const std::vector<Layer>& layers() const { return layers_; }
  std::string title() const { return network_.title(); }
  const network::Convention& convention() const { return network_.convention(); }
  std::vector<uint64_t> blocks(const vulkan::Caps& caps) const { return program_.blocks(caps); }
  int poolings(size_t layer) const;  // before it
  size_t find(std::string_view activation) const { return network_.find(activation); }

 private:
  kernels::ConvolutionWeights weights_of(size_t layer) const;

  network::Network network_;
  Element element_;
  Program program_;  // owns the memory
  std::vector<LayerValues> values_;
  std::vector<Layer> layers_;
};

}  // namespace impasto::plan
