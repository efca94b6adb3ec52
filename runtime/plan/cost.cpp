// Counts the convolutions' work.
#include "plan/cost.h"

namespace impasto::plan {

double network_flops(const DeviceNetwork& network, const Recipe& recipe, int height, int width) {
  const std::vector<kernels::Shape> shapes = layer_shapes(network, recipe, height, width);
  double flops = 0;
  for (size_t i = 0; i < shapes.size(); i++)
    flops += kernels::convolution_flops(network.layers()[i].weights.inputs, shapes[i].channels, shapes[i]);
  return flops;
}

double iteration_flops(const DeviceNetwork& network, const Recipe& recipe, int height, int width, int tile) {
  const std::vector<Tile> tiles = cut_into_tiles(network, height, width, tile);
  double flops = 0;
  for (const Tile& at : tiles) flops += network_flops(network, recipe, at.window.height, at.window.width);
  return flops * (tiles.size() > 1 && !recipe.style_layers.empty() ? 3 : 2);
}

}  // namespace impasto::plan
