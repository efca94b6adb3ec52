// Adds the forward pass to a program.
#include "plan/forward.h"

#include "impasto/error.h"
#include "kernels/pooling.h"

#include <algorithm>
#include <string>

namespace impasto::plan {
namespace {

TensorValue add_pooling(Program& program, const Recipe& recipe, const TensorValue& in, bool for_gradient,
                        LayerTrace& trace) {
  trace.pooled = kernels::pooled(in.shape, recipe.rounding);
  const TensorValue out = program.tensor(trace.pooled);
  if (recipe.pooling == PoolingKind::average) {
    program.add({in.value, out.value}, [=](kernels::Context& context, const Program::Memory& memory) {
      kernels::average_pool_forward(context, memory[in], memory[out]);
    });
    return out;
  }
  const Value choices = program.value(in.shape.choice_bytes(), kMasks);
  if (for_gradient) trace.choices = choices;
  program.add({in.value, out.value, choices}, [=](kernels::Context& context, const Program::Memory& memory) {
    kernels::max_pool_forward(context, memory[in], memory[out], memory[choices]);
  });
  return out;
}

ScratchValues scratch_of(Program& program, const vulkan::Caps& caps,
                         const kernels::ConvolutionWeights& weights, const kernels::Shape& picture) {
  if (weights.scratchless()) return {};
  return scratch_values(program, caps, weights.inputs, weights.outputs, picture);
}

// The trace of a layer's activation.
LayerTrace trace_of(Program& program, const DeviceNetwork::Layer& layer, const kernels::Shape& in,
                    bool for_gradient) {
  LayerTrace trace;
  trace.shape = {layer.weights.outputs, in.height, in.width, layer.weights.element};
  if (for_gradient) trace.mask = program.value(trace.shape.mask_bytes(), kMasks);
  return trace;
}

TensorValue add_convolution(Program& program, const Recipe& recipe, const DeviceNetwork::Layer& layer,
                            const vulkan::Caps& caps, const TensorValue& in, const LayerTrace& trace) {
  const TensorValue out = program.tensor(trace.shape);
  const Value mask = trace.mask;
  const kernels::ConvolutionWeights weights = layer.weights;
  const kernels::Padding padding = padding_of(recipe, layer);
  const ScratchValues scratch = scratch_of(program, caps, weights, in.shape);
  program.add({in.value, out.value, mask, scratch.v, scratch.m},
              [=](kernels::Context& context, const Program::Memory& memory) {
                kernels::convolution_forward(context, weights, memory[in], memory[out], memory[mask],
                                             {memory[scratch.v], memory[scratch.m]}, padding);
              });
  return out;
}

// The layer and its pooling in one.
TensorValue add_pooled_convolution(Program& program, const Recipe& recipe, const DeviceNetwork::Layer& layer,
                                   const vulkan::Caps& caps, const TensorValue& in, LayerTrace& trace) {
  trace.stored = false;
  trace.pooled = kernels::pooled(trace.shape, recipe.rounding);
  if (trace.mask.exists() && recipe.pooling == PoolingKind::max)
    trace.choices = program.value(trace.shape.choice_bytes(), kMasks);
  const TensorValue out = program.tensor(trace.pooled);
  const kernels::ConvolutionWeights weights = layer.weights;
  const kernels::Padding padding = padding_of(recipe, layer);
  const PooledValue map{trace, out, recipe.pooling};
  const ScratchValues scratch = scratch_of(program, caps, weights, in.shape);
  program.add({in.value, out.value, trace.mask, trace.choices, scratch.v, scratch.m},
              [=](kernels::Context& context, const Program::Memory& memory) {
                kernels::convolution_forward(context, weights, memory[in], map.in(memory),
                                             {memory[scratch.v], memory[scratch.m]}, padding);
              });
  return out;
}

// The picture's shape after the network's poolings; a side of 0 when nothing is left.
kernels::Shape last_shape(const DeviceNetwork& network, const Recipe& recipe, int height, int width) {
  kernels::Shape shape{1, height, width};
  for (const DeviceNetwork::Layer& layer : network.layers()) {
    if (!layer.convolution.pool_before || shape.height == 0 || shape.width == 0) continue;
    shape = kernels::pooled(shape, recipe.rounding);
  }
  return shape;
}

}  // namespace

kernels::Preprocess preprocess_settings(const Recipe& recipe, const DeviceNetwork& network) {
  const network::NetworkInput input = network::network_input(recipe.input, network.convention());
  kernels::Preprocess settings;
  for (size_t c = 0; c < 3; c++) {
    settings.scale[c] =
        static_cast<float>(input.scale[c] / recipe.optimizer.variable_range * network.feature_scale());
    settings.mean[c] = static_cast<float>(input.mean[c] * network.feature_scale());
  }
  settings.bgr = input.order == ChannelOrder::bgr;
  return settings;
}

TensorValue add_input(Program& program, const DeviceNetwork& network, size_t layer, int height, int width,
                      const Feed& feed) {
  const TensorValue input = program.tensor({network.layers()[layer].weights.inputs, height, width});
  program.add({input.value}, [=](kernels::Context& context, const Program::Memory& memory) {
    feed(context, memory, memory[input]);
  });
  return input;
}

kernels::Padding padding_of(const Recipe& recipe, const DeviceNetwork::Layer& layer) {
  const bool replicates = recipe.padding == PaddingKind::replicate ||
                          (recipe.padding == PaddingKind::replicate_first && layer.weights.direct());
  return replicates ? kernels::Padding::replicate : kernels::Padding::zeros;
}

void check_size(const DeviceNetwork& network, const Recipe& recipe, int height, int width,
                const std::string& what) {
  const kernels::Shape last = last_shape(network, recipe, height, width);
  if (last.height > 0 && last.width > 0) return;
  int least = 1;
  while (last_shape(network, recipe, least, least).height == 0) least++;
  throw Error(ErrorKind::input, what + " is " + std::to_string(width) + "x" + std::to_string(height) +
                                    " pixels, too small for " +
                                    network.layers().back().convolution.activation + "; it needs at least " +
                                    std::to_string(least) + " a side");
}

uint64_t scratch_bytes(const vulkan::Caps& caps) {
  const uint64_t cached = caps.software() ? uint64_t{8} << 20 : uint64_t{64} << 20;
  return std::min({cached, kernels::binding_limit(caps), caps.max_allocation});
}

ScratchValues scratch_values(Program& program, const vulkan::Caps& caps, int inputs, int outputs,
                             const kernels::Shape& picture) {
  const uint64_t most = scratch_bytes(caps);
  const int tiles = kernels::slab_tiles(picture.tiles(), inputs, outputs, most, most);
  return {program.value(kernels::winograd_input_bytes(inputs, tiles), kScratch),
          program.value(kernels::winograd_output_bytes(outputs, tiles), kScratch)};
}

Forward add_forward(Program& program, const DeviceNetwork& network, const Recipe& recipe,
                    const vulkan::Caps& caps, int height, int width, const ForwardNeeds& needs,
                    const Feed& feed, const Taps& taps) {
  Forward forward;
  forward.first = needs.first;
  forward.layers.resize(needs.first);
  forward.input = add_input(program, network, needs.first, height, width, feed);
  TensorValue features = forward.input;
  for (size_t i = needs.first; i < needs.last; i++) {
    const DeviceNetwork::Layer& layer = network.layers()[i];
    const bool last = i + 1 == needs.last;
    const bool pools = last ? needs.pooled : network.layers()[i + 1].convolution.pool_before;
    LayerTrace trace = trace_of(program, layer, features.shape, needs.for_gradient);
    if (pools && !taps.reads(i) && kernels::fuses_pooling(caps, layer.weights)) {
      features = add_pooled_convolution(program, recipe, layer, caps, features, trace);
    } else {
      features = add_convolution(program, recipe, layer, caps, features, trace);
      if (taps.reads(i)) taps.features(i, features);
      if (pools) features = add_pooling(program, recipe, features, needs.for_gradient, trace);
    }
    forward.layers.push_back(trace);
    if (pools || last) taps.stage_end();
  }
  if (needs.pooled) forward.pooled = features;
  return forward;
}

}  // namespace impasto::plan
