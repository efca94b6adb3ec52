// The gradient of the loss terms with respect to the picture, as operations of a program.
#pragma once

#include "plan/forward.h"

#include <map>

namespace impasto::plan {

// Takes the gradient of the input of the first convolution that was evaluated.
using Drain =
    std::function<void(kernels::Context&, const Program::Memory&, const kernels::Tensor& input_gradient)>;

// Says where the gradient of a layer's loss terms is, masked; adds the operations that make it, where it was not made before.
using Source = std::function<TensorValue()>;

// sources: of each tapped layer, called once, where they are used up. from_above: the gradient of what was pooled last, when something was;
// else the last layer that was evaluated must be among the sources.
void add_backward(Program& program, const DeviceNetwork& network, const Recipe& recipe,
                  const vulkan::Caps& caps, const Forward& forward, const std::map<size_t, Source>& sources,
                  const TensorValue& from_above, const Drain& drain);

}  // namespace impasto::plan
