// The first layers of a network with their weights on the device.
#pragma once

#include "kernels/convolution.h"
#include "network/network.h"
#include "plan/program.h"

#include <vector>

namespace impasto::plan {

class DeviceNetwork {
 public:
  struct Layer {
    network::Convolution convolution;
    kernels::ConvolutionWeights weights;
  };

  // The first `depth` convolutions; packs and uploads them one by one. Throws Error(input) when a weight is not finite.
  DeviceNetwork(vulkan::Device& device, const network::Network& network, size_t depth);

  const std::vector<Layer>& layers() const { return layers_; }
  const network::Convention& convention() const { return network_.convention(); }
  size_t find(std::string_view activation) const { return network_.find(activation); }

 private:
  network::Network network_;
  Program program_;  // owns the memory
  std::vector<Layer> layers_;
};

}  // namespace impasto::plan
