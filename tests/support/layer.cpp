// Makes random layers and masks.
#include "support/layer.h"

#include "support/random.h"

#include <cmath>

namespace impasto::test {

Layer random_layer(int inputs, int outputs, uint64_t seed) {
  const reference::Array weights = random_array(outputs, inputs, 9, seed);
  const reference::Array bias = random_array(outputs, 1, 1, seed + 1);
  const double scale = 1 / std::sqrt(9.0 * inputs);
  Layer layer;
  layer.kernel.outputs = outputs;
  layer.kernel.inputs = inputs;
  for (const double w : weights.data) layer.weights.push_back(static_cast<float>(w * scale));
  for (const double b : bias.data) layer.bias.push_back(static_cast<float>(b));
  layer.kernel.weights.assign(layer.weights.begin(), layer.weights.end());
  layer.kernel.bias.assign(layer.bias.begin(), layer.bias.end());
  return layer;
}

kernels::ConvolutionWeights upload_winograd(Arena& arena, const Layer& layer, Element element) {
  const std::vector<float> packed = kernels::pack_winograd(layer.floats());
  kernels::ConvolutionWeights weights;
  weights.inputs = layer.kernel.inputs;
  weights.outputs = layer.kernel.outputs;
  weights.element = element;
  weights.bias = arena.region(kernels::pack_bias(layer.floats()));
  weights.winograd = element == Element::fp16 ? arena.region(halves_of(packed)) : arena.region(packed);
  return weights;
}

kernels::ConvolutionWeights upload_matrix(Arena& arena, const Layer& layer) {
  const kernels::ConvolutionKernel kernel = layer.floats();
  kernels::ConvolutionWeights weights;
  weights.inputs = kernel.inputs;
  weights.outputs = kernel.outputs;
  weights.element = Element::fp16;
  weights.bias = arena.region(kernels::pack_bias(kernel));
  weights.matrix_forward = arena.region(halves_of(kernels::pack_matrix_forward(kernel)));
  weights.matrix_backward = arena.region(halves_of(kernels::pack_matrix_backward(kernel)));
  return weights;
}

kernels::WinogradScratch winograd_scratch(Arena& arena, int read, int written, const kernels::Shape& picture,
                                          int slab) {
  const int tiles = slab == kWhole ? picture.tiles() : slab;
  return {arena.region(kernels::winograd_input_bytes(read, tiles)),
          arena.region(kernels::winograd_output_bytes(written, tiles))};
}

std::vector<uint32_t> mask_of(const reference::Array& activation) {
  const kernels::Shape shape = shape_of(activation);
  std::vector<uint32_t> words(shape.mask_bytes() / 4, 0);
  for (int c = 0; c < shape.channels; c++)
    for (int y = 0; y < shape.height; y++)
      for (int x = 0; x < shape.width; x++) {
        const size_t tile = (size_t(y / 4) * shape.blocks() + c / 4) * shape.tile_columns() + x / 4;
        const int bit = (y % 4 * 4 + x % 4) * 4 + c % 4;
        if (activation.at(c, y, x) > 0) words[tile * 2 + bit / 32] |= 1u << (bit % 32);
      }
  return words;
}

}  // namespace impasto::test
