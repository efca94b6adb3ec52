// The forward pass of the network as operations of a program.
#pragma once

#include "impasto/recipe.h"
#include "kernels/preprocess.h"
#include "plan/device_network.h"
#include "plan/program.h"

#include <functional>
#include <vector>

namespace impasto::plan {

// What the backward pass needs of a layer, and what it passed on.
struct LayerTrace {
  kernels::Shape shape;   // of the activation
  Value mask;             // its ReLU mask, when made for a gradient
  Value choices;          // of the max pooling that follows it, likewise
  kernels::Shape pooled;  // after that pooling; no channels when none follows
  bool stored = true;     // the activation; else only what was pooled of it
};

// A map of which only what was pooled is kept, or the gradient of that.
struct PooledValue {
  LayerTrace trace;
  TensorValue pooled;
  PoolingKind kind = PoolingKind::average;

  kernels::PooledMap in(const Program::Memory& memory) const {
    return {trace.shape, memory[pooled], kind, memory[trace.mask], memory[trace.choices]};
  }
};

struct Taps {
  // Whether a layer's activation is looked at: those that are not and are pooled need not exist.
  std::function<bool(size_t layer)> reads;
  // Called where such an activation exists, in order.
  std::function<void(size_t layer, const TensorValue& features)> features;
  // Called behind each pooling, and behind the last layer.
  std::function<void()> stage_end = [] {};
};

struct Forward {
  std::vector<LayerTrace> layers;  // of the network, empty for those that were not evaluated
  size_t first = 0;                // that was
  TensorValue input;               // of it
  TensorValue pooled;              // of the last, when that was asked for
};

// Writes the input of the first convolution that is evaluated.
using Feed = std::function<void(kernels::Context&, const Program::Memory&, const kernels::Tensor& input)>;

// What the recipe feeds to a network, scaled as its features are.
kernels::Preprocess preprocess_settings(const Recipe& recipe, const DeviceNetwork& network);

// The input of a layer that is evaluated first.
TensorValue add_input(Program& program, const DeviceNetwork& network, size_t layer, int height, int width,
                      const Feed& feed);

// What surrounds the input of a layer.
kernels::Padding padding_of(const Recipe& recipe, const DeviceNetwork::Layer& layer);

// Throws Error(input), naming `what` and the smallest size, when pooling leaves nothing for one of the layers.
void check_size(const DeviceNetwork& network, const Recipe& recipe, int height, int width,
                const std::string& what);

struct ForwardNeeds {
  size_t first = 0;  // layers [first, last) are evaluated
  size_t last = 0;
  bool pooled = false;        // and what the last one leaves is pooled
  bool for_gradient = false;  // keeps masks and choices
};

// height, width: of the input.
Forward add_forward(Program& program, const DeviceNetwork& network, const Recipe& recipe,
                    const vulkan::Caps& caps, int height, int width, const ForwardNeeds& needs,
                    const Feed& feed, const Taps& taps);

// Bytes of scratch that stay in the cache which a dispatch leaves them in for the next: the last level of a CPU, the L2 of a GPU.
uint64_t scratch_bytes(const vulkan::Caps& caps);

// Scratch for one convolution between `inputs` and `outputs` channels at this size, in slabs of a bounded size.
struct ScratchValues {
  Value v, m;
};
ScratchValues scratch_values(Program& program, const vulkan::Caps& caps, int inputs, int outputs,
                             const kernels::Shape& picture);

}  // namespace impasto::plan
