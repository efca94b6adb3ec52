// Counts the convolutions' work.
#include "plan/cost.h"

namespace impasto::plan {
namespace {

double part_flops(const DeviceNetwork& network, const Recipe& recipe, const Part& part, int height,
                  int width) {
  const std::vector<kernels::Shape> shapes = layer_shapes(network, recipe, part, height, width);
  double flops = 0;
  for (size_t i = part.first; i < part.last; i++) {
    const kernels::Shape& shape = shapes[i - part.first];
    flops += kernels::convolution_flops(network.layers()[i].weights.inputs, shape.channels, shape);
  }
  return flops;
}

}  // namespace

double network_flops(const DeviceNetwork& network, const Recipe& recipe, int height, int width) {
  return part_flops(network, recipe, all_layers(network, height, width), height, width);
}

double iteration_flops(const DeviceNetwork& network, const Recipe& recipe, int height, int width,
                       const Tiling& tiling) {
  double flops = 0;
  for (const Part& part : cut_into_parts(network, recipe, height, width, tiling)) {
    const bool once = part.evaluated_once() || recipe.style_layers.empty();
    for (const Tile& tile : part.tiles)
      flops += part_flops(network, recipe, part, tile.window.height, tile.window.width) * (once ? 2 : 3);
  }
  return flops;
}

}  // namespace impasto::plan
