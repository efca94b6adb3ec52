// The geometry of tiles.
#include "plan/tiles.h"

#include "kernels/pooling.h"

#include <algorithm>
#include <cassert>

namespace impasto::plan {
namespace {

struct Span {
  int first;
  int last;
};

std::vector<Span> cut(int length, int side) {
  std::vector<Span> blocks;
  for (int first = 0; first < length; first += side) {
    if (!blocks.empty() && length - first < kTileAlignment)
      blocks.back().last = length;
    else
      blocks.push_back({first, std::min(first + side, length)});
  }
  return blocks;
}

Span window_of(const Span& block, int halo, int length) {
  return {std::max(block.first - halo, 0), std::min(block.last + halo, length)};
}

}  // namespace

int halo_of(const DeviceNetwork& network) {
  int halo = 0, scale = 1;
  for (const DeviceNetwork::Layer& layer : network.layers()) {
    if (layer.convolution.pool_before) scale *= 2;
    halo += scale;
  }
  return (halo + kTileAlignment - 1) / kTileAlignment * kTileAlignment;
}

std::vector<Tile> cut_into_tiles(const DeviceNetwork& network, int height, int width, int side) {
  assert(side >= 0 && side % kTileAlignment == 0);
  if (side == 0) side = std::max(height, width);
  const int halo = halo_of(network);
  std::vector<Tile> tiles;
  for (const Span& rows : cut(height, side))
    for (const Span& columns : cut(width, side)) {
      const Span down = window_of(rows, halo, height), along = window_of(columns, halo, width);
      tiles.push_back({{down.first, along.first, down.last - down.first, along.last - along.first},
                       {rows.first - down.first, columns.first - along.first, rows.last - rows.first,
                        columns.last - columns.first},
                       rows.last == height,
                       columns.last == width});
    }
  return tiles;
}

Rect block_of(const Tile& tile, const kernels::Shape& features, int poolings) {
  const int top = tile.block.top >> poolings, left = tile.block.left >> poolings;
  return {top, left, tile.last_row ? features.height - top : tile.block.height >> poolings,
          tile.last_column ? features.width - left : tile.block.width >> poolings};
}

std::vector<kernels::Shape> layer_shapes(const DeviceNetwork& network, const Recipe& recipe, int height,
                                         int width) {
  std::vector<kernels::Shape> shapes;
  kernels::Shape shape{3, height, width, network.element()};
  for (const DeviceNetwork::Layer& layer : network.layers()) {
    if (layer.convolution.pool_before) shape = kernels::pooled(shape, recipe.rounding);
    shape.channels = layer.convolution.outputs;
    shapes.push_back(shape);
  }
  return shapes;
}

}  // namespace impasto::plan
