// Packs the weights of a network and uploads them.
#include "plan/device_network.h"

#include "base/half_float.h"
#include "kernels/matrix_convolution.h"
#include "plan/program.h"

#include <algorithm>
#include <cassert>

namespace impasto::plan {
namespace {

void upload_floats(const vulkan::Region& region, const std::vector<float>& values) {
  vulkan::upload(region, std::as_bytes(std::span(values)));
}

void upload_as(Element element, const vulkan::Region& region, const std::vector<float>& values) {
  if (element == Element::fp32) return upload_floats(region, values);
  std::vector<uint16_t> halves(values.size());
  std::transform(values.begin(), values.end(), halves.begin(), float_to_half);
  vulkan::upload(region, std::as_bytes(std::span(halves)));
}

std::vector<float> scaled(std::vector<float> values, double factor) {
  for (float& value : values) value = static_cast<float>(value * factor);
  return values;
}

// The first convolution, of a picture, runs directly; a transform of three channels would not pay.
DeviceNetwork::LayerValues layer_values(Program& program, const network::Convolution& convolution,
                                        bool direct, bool matrix, Element element) {
  const int inputs = convolution.inputs, outputs = convolution.outputs;
  DeviceNetwork::LayerValues values;
  values.bias = program.pinned(kernels::bias_bytes(outputs), kWeights);
  if (direct) {
    values.direct_forward = program.pinned(kernels::direct_forward_weight_bytes(inputs, outputs), kWeights);
    values.direct_backward = program.pinned(kernels::direct_backward_weight_bytes(inputs, outputs), kWeights);
  } else if (matrix) {
    values.matrix_forward = program.pinned(kernels::matrix_weight_bytes(inputs, outputs), kWeights);
    values.matrix_backward = program.pinned(kernels::matrix_weight_bytes(outputs, inputs), kWeights);
  } else {
    values.winograd = program.pinned(kernels::winograd_weight_bytes(inputs, outputs, element), kWeights);
  }
  return values;
}

}  // namespace

DeviceNetwork::DeviceNetwork(const vulkan::Caps& caps, const network::Network& network, size_t depth,
                             Element element)
    : network_(network), element_(element) {
  const bool matrix = element == Element::fp16 && kernels::has_matrix_convolution(caps);
  assert(depth <= network.convolutions().size());
  for (size_t i = 0; i < depth; i++) {
    const network::Convolution& convolution = network.convolutions()[i];
    values_.push_back(layer_values(program_, convolution, i == 0, matrix, element));
    layers_.push_back({convolution, weights_of(i)});
  }
}

DeviceNetwork::DeviceNetwork(vulkan::Device& device, const network::Network& network, size_t depth,
                             Element element)
    : DeviceNetwork(device.caps(), network, depth, element) {
  program_.allocate(device, device.caps());
  for (size_t i = 0; i < depth; i++) {
    const network::Convolution& convolution = layers_[i].convolution;
    const kernels::ConvolutionWeights weights = layers_[i].weights = weights_of(i);
    const std::vector<float> oihw = network.weights(i), bias = scaled(network.bias(i), feature_scale());
    const kernels::ConvolutionKernel kernel{convolution.inputs, convolution.outputs, oihw, bias};
    upload_floats(weights.bias, kernels::pack_bias(kernel));
    if (weights.direct()) {
      upload_floats(weights.direct_forward, kernels::pack_direct_forward(kernel));
      upload_floats(weights.direct_backward, kernels::pack_direct_backward(kernel));
    } else if (weights.matrix()) {
      upload_as(Element::fp16, weights.matrix_forward, kernels::pack_matrix_forward(kernel));
      upload_as(Element::fp16, weights.matrix_backward, kernels::pack_matrix_backward(kernel));
    } else {
      upload_as(element, weights.winograd, kernels::pack_winograd(kernel));
    }
  }
}

int DeviceNetwork::poolings(size_t layer) const {
  int poolings = 0;
  for (size_t i = 0; i <= layer; i++) poolings += layers_[i].convolution.pool_before ? 1 : 0;
  return poolings;
}

kernels::ConvolutionWeights DeviceNetwork::weights_of(size_t layer) const {
  const network::Convolution& convolution = network_.convolutions()[layer];
  const LayerValues& values = values_[layer];
  return {convolution.inputs,
          convolution.outputs,
          element_,
          program_.region(values.winograd),
          program_.region(values.bias),
          program_.region(values.direct_forward),
          program_.region(values.direct_backward),
          program_.region(values.matrix_forward),
          program_.region(values.matrix_backward)};
}

}  // namespace impasto::plan
