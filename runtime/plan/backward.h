// The gradient of the loss terms with respect to the picture, as operations of a program.
#pragma once

#include "plan/forward.h"

#include <map>

namespace impasto::plan {

// Takes the gradient of the input of the first convolution that was evaluated.
using Drain =
    std::function<void(kernels::Context&, const Program::Memory&, const kernels::Tensor& input_gradient)>;

// sources: for each tapped layer the gradient of its loss terms, masked. from_above: of what was pooled last, when something was; else
// the last layer that was evaluated must be among the sources. They are used up.
void add_backward(Program& program, const DeviceNetwork& network, const Recipe& recipe,
                  const vulkan::Caps& caps, const Forward& forward,
                  const std::map<size_t, TensorValue>& sources, const TensorValue& from_above,
                  const Drain& drain);

}  // namespace impasto::plan
