// The gradient of the loss terms with respect to the picture, as operations of a program.
#pragma once

#include "plan/forward.h"

#include <map>

namespace impasto::plan {

// Takes the gradient of the first convolution's input.
using Drain =
    std::function<void(kernels::Context&, const Program::Memory&, const kernels::Tensor& input_gradient)>;

// sources: for each tapped layer the gradient of its loss terms, masked; the deepest layer of the network must be among them. They
// are used up.
void add_backward(Program& program, const DeviceNetwork& network, const Recipe& recipe,
                  const vulkan::Caps& caps, const Forward& forward,
                  const std::map<size_t, TensorValue>& sources, const Drain& drain);

}  // namespace impasto::plan
