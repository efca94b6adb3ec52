// Packs the weights of a network and uploads them.
#include "plan/device_network.h"

#include "plan/program.h"

#include <cassert>

namespace impasto::plan {
namespace {

void upload_floats(const vulkan::Region& region, const std::vector<float>& values) {
  vulkan::upload(region, std::as_bytes(std::span(values)));
}

// The regions a layer's weights need, as values of a program without operations.
struct LayerValues {
  Value winograd, bias, direct_forward, direct_backward;
};

// The first convolution, of a picture, runs directly; a transform of three channels would not pay.
LayerValues layer_values(Program& program, const network::Convolution& convolution, bool direct) {
  const int inputs = convolution.inputs, outputs = convolution.outputs;
  LayerValues values;
  values.bias = program.pinned(kernels::bias_bytes(outputs));
  if (direct) {
    values.direct_forward = program.pinned(kernels::direct_forward_weight_bytes(inputs, outputs));
    values.direct_backward = program.pinned(kernels::direct_backward_weight_bytes(inputs, outputs));
  } else {
    values.winograd = program.pinned(kernels::winograd_weight_bytes(inputs, outputs));
  }
  return values;
}

}  // namespace

DeviceNetwork::DeviceNetwork(vulkan::Device& device, const network::Network& network, size_t depth)
    : network_(network) {
  assert(depth <= network.convolutions().size());
  std::vector<LayerValues> values;
  for (size_t i = 0; i < depth; i++)
    values.push_back(layer_values(program_, network.convolutions()[i], i == 0));
  program_.allocate(device, device.caps());
  for (size_t i = 0; i < depth; i++) {
    const network::Convolution& convolution = network.convolutions()[i];
    const kernels::ConvolutionWeights weights{convolution.inputs,
                                              convolution.outputs,
                                              program_.region(values[i].winograd),
                                              program_.region(values[i].bias),
                                              program_.region(values[i].direct_forward),
                                              program_.region(values[i].direct_backward)};
    const std::vector<float> oihw = network.weights(i), bias = network.bias(i);
    const kernels::ConvolutionKernel kernel{convolution.inputs, convolution.outputs, oihw, bias};
    upload_floats(weights.bias, kernels::pack_bias(kernel));
    if (weights.direct()) {
      upload_floats(weights.direct_forward, kernels::pack_direct_forward(kernel));
      upload_floats(weights.direct_backward, kernels::pack_direct_backward(kernel));
    } else {
      upload_floats(weights.winograd, kernels::pack_winograd(kernel));
    }
    layers_.push_back({convolution, weights});
  }
}

}  // namespace impasto::plan
