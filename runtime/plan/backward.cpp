// Adds the backward pass to a program.
#include "plan/backward.h"

#include "kernels/pooling.h"

#include <cassert>
#include <optional>

namespace impasto::plan {
namespace {

// The gradient before the ReLU of one layer: that of its loss terms when it has any, which what comes from above is added to.
struct LayerGradient {
  TensorValue gradient;
  bool accumulate;
};

LayerGradient layer_gradient(Program& program, const LayerTrace& trace,
                             const std::map<size_t, Source>& sources, size_t layer) {
  const auto source = sources.find(layer);
  if (source != sources.end()) return {source->second(), true};
  return {program.tensor(trace.shape), false};
}

// What reaches a layer from above: the gradient of its activation, or only of what was pooled of it.
struct Incoming {
  TensorValue gradient;
  std::optional<PooledValue> pooled;
};

void add_convolution_gradient(Program& program, const Recipe& recipe, const DeviceNetwork::Layer& layer,
                              const vulkan::Caps& caps, const Incoming& from, const TensorValue& to,
                              Value mask, bool accumulate) {
  const kernels::ConvolutionWeights weights = layer.weights;
  const kernels::Padding padding = padding_of(recipe, layer);
  const bool padded = padding == kernels::Padding::replicate && !weights.direct();
  const kernels::Shape computed = padded ? kernels::padded(to.shape) : to.shape;
  const TensorValue with_padding = padded ? program.tensor(computed) : TensorValue{};
  const ScratchValues scratch =
      weights.scratchless() ? ScratchValues{}
                            : scratch_values(program, caps, weights.outputs, weights.inputs, computed);
  std::vector<Value> uses{from.gradient.value, to.value, mask, scratch.v, scratch.m, with_padding.value};
  if (from.pooled) uses.insert(uses.end(), {from.pooled->trace.mask, from.pooled->trace.choices});
  program.add(uses, [=](kernels::Context& context, const Program::Memory& memory) {
    const kernels::BackwardScratch room{{memory[scratch.v], memory[scratch.m]}, memory[with_padding.value]};
    if (from.pooled)
      kernels::convolution_backward(context, weights, from.pooled->in(memory), memory[to], memory[mask], room,
                                    accumulate, padding);
    else
      kernels::convolution_backward(context, weights, memory[from.gradient], memory[to], memory[mask], room,
                                    accumulate, padding);
  });
}

void add_pooling_gradient(Program& program, const Recipe& recipe, const LayerTrace& trace,
                          const TensorValue& from, const LayerGradient& to) {
  const Value mask = trace.mask, choices = trace.choices;
  const bool average = recipe.pooling == PoolingKind::average;
  program.add({from.value, to.gradient.value, mask, choices}, [=](kernels::Context& context,
                                                                  const Program::Memory& memory) {
    if (average) {
      kernels::average_pool_backward(context, memory[from], memory[mask], memory[to.gradient], to.accumulate);
    } else {
      kernels::max_pool_backward(context, memory[from], memory[choices], memory[mask], memory[to.gradient],
                                 to.accumulate);
    }
  });
}

// pooled: the gradient of what was pooled of the layer's activation.
Incoming through_pooling(Program& program, const Recipe& recipe, const LayerTrace& trace,
                         const TensorValue& pooled, const std::map<size_t, Source>& sources, size_t layer) {
  if (!trace.stored) return {pooled, PooledValue{trace, pooled, recipe.pooling}};
  const LayerGradient to = layer_gradient(program, trace, sources, layer);
  add_pooling_gradient(program, recipe, trace, pooled, to);
  return {to.gradient, {}};
}

}  // namespace

void add_backward(Program& program, const DeviceNetwork& network, const Recipe& recipe,
                  const vulkan::Caps& caps, const Forward& forward, const std::map<size_t, Source>& sources,
                  const TensorValue& from_above, const Drain& drain) {
  const std::vector<DeviceNetwork::Layer>& layers = network.layers();
  const size_t last = forward.layers.size() - 1;
  assert(from_above.value.exists() || sources.contains(last));
  Incoming above = from_above.value.exists()
                       ? through_pooling(program, recipe, forward.layers[last], from_above, sources, last)
                       : Incoming{layer_gradient(program, forward.layers[last], sources, last).gradient, {}};
  for (size_t i = last; i > forward.first; i--) {
    const LayerTrace& below = forward.layers[i - 1];
    if (layers[i].convolution.pool_before) {
      const TensorValue pooled = program.tensor(below.pooled);
      add_convolution_gradient(program, recipe, layers[i], caps, above, pooled, {}, false);
      above = through_pooling(program, recipe, below, pooled, sources, i - 1);
    } else {
      const LayerGradient next = layer_gradient(program, below, sources, i - 1);
      add_convolution_gradient(program, recipe, layers[i], caps, above, next.gradient, below.mask,
                               next.accumulate);
      above = {next.gradient, {}};
    }
  }
  const TensorValue input = program.tensor(forward.input.shape);
  add_convolution_gradient(program, recipe, layers[forward.first], caps, above, input, {}, false);
  program.add({input.value}, [=](kernels::Context& context, const Program::Memory& memory) {
    drain(context, memory, memory[input]);
  });
}

}  // namespace impasto::plan
