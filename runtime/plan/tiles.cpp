// The geometry of tiles.
#include "plan/tiles.h"

#include "common/layout.h"
#include "kernels/pooling.h"

#include <algorithm>
#include <cassert>

namespace impasto::plan {
namespace {

struct Span {
  int first;
  int last;
};

// least: pixels of which the part's last pooling leaves one.
std::vector<Span> cut(int length, int side, int least) {
  std::vector<Span> blocks;
  for (int first = 0; first < length; first += side) {
    if (!blocks.empty() && length - first < least)
      blocks.back().last = length;
    else
      blocks.push_back({first, std::min(first + side, length)});
  }
  return blocks;
}

Span window_of(const Span& block, int halo, int grid, int length) {
  return {std::max(block.first - halo, 0) / grid * grid, std::min(block.last + halo, length)};
}

// Pixels of the part's input to one of its last layer's.
int scale_of_layers(const DeviceNetwork& network, const Part& part) {
  return 1 << (network.poolings(part.last - 1) - network.poolings(part.first));
}

// The same to one of its deepest map.
int scale_of(const DeviceNetwork& network, const Part& part) {
  return scale_of_layers(network, part) * (part.pooled ? 2 : 1);
}

std::vector<Tile> tiles_of(const DeviceNetwork& network, const Part& part, int side) {
  const int height = part.input.height, width = part.input.width;
  const int halo = halo_of(network, part), grid = window_grid(network, part), scale = scale_of(network, part);
  assert(side % scale == 0);
  std::vector<Tile> tiles;
  for (const Span& rows : cut(height, side, scale))
    for (const Span& columns : cut(width, side, scale)) {
      const Span down = window_of(rows, halo, grid, height), along = window_of(columns, halo, grid, width);
      tiles.push_back({{down.first, along.first, down.last - down.first, along.last - along.first},
                       {rows.first - down.first, columns.first - along.first, rows.last - rows.first,
                        columns.last - columns.first},
                       rows.last == height,
                       columns.last == width});
    }
  return tiles;
}

// The first layer behind so many poolings; the depth of the network when there is none.
size_t first_behind(const DeviceNetwork& network, int poolings) {
  size_t layer = 0;
  while (layer < network.layers().size() && network.poolings(layer) < poolings) layer++;
  return layer;
}

Tile whole(const kernels::Shape& input) {
  return {kernels::all_of(input), kernels::all_of(input), true, true};
}

}  // namespace

Part all_layers(const DeviceNetwork& network, int height, int width) {
  return {0, network.layers().size(), false, {3, height, width, network.element()}, {}};
}

std::vector<Part> cut_into_parts(const DeviceNetwork& network, const Recipe& recipe, int height, int width,
                                 const Tiling& tiling) {
  assert(tiling.side >= 0 && tiling.side % kTileMultiple == 0);
  assert(tiling.deep_side >= 0 && tiling.deep_side % kTileMultiple == 0);
  const size_t depth = network.layers().size();
  Part all = all_layers(network, height, width);
  if (tiling.side == 0 || (tiling.side >= height && tiling.side >= width)) {
    all.tiles = {whole(all.input)};
    return {all};
  }
  assert(tiling.parting >= 1 && tiling.parting <= kMostParting);
  const size_t parted = first_behind(network, tiling.parting);
  // Without statistics of the whole picture nothing is evaluated twice, and a map in between would be for nothing.
  if (tiling.deep_side == 0 || parted == depth || recipe.style_layers.empty()) {
    all.tiles = tiles_of(network, all, tiling.side);
    return {all};
  }
  Part shallow{0, parted, true, all.input, {}};
  shallow.tiles = tiles_of(network, shallow, tiling.side);
  Part deep{parted, depth, false, layer_shapes(network, recipe, shallow, height, width).back(), {}};
  deep.tiles = tiles_of(network, deep, tiling.deep_side >> tiling.parting);
  return {shallow, deep};
}

int halo_of(const DeviceNetwork& network, const Part& part) {
  int reach = 0, scale = 1;
  int otherwise = 0;  // pixels from the window's end: tiles that read what is rounded otherwise are too
  for (size_t i = part.first; i < part.last; i++) {
    if (network.layers()[i].convolution.pool_before && i > part.first) scale *= 2;
    const int tile = shared::kTile * scale;
    reach += scale;
    otherwise = (otherwise / tile + 1) * tile;
  }
  const bool cheap = part.pooled && scale <= 2;
  const int whole = cheap ? window_grid(network, part) : scale_of(network, part);
  const int halo = reach + (cheap ? otherwise : 0);
  return (halo + whole - 1) / whole * whole;
}

int window_grid(const DeviceNetwork& network, const Part& part) {
  return shared::kTile * scale_of_layers(network, part);
}

Rect block_of(const Tile& tile, const kernels::Shape& features, int poolings) {
  const int top = tile.block.top >> poolings, left = tile.block.left >> poolings;
  return {top, left, tile.last_row ? features.height - top : tile.block.height >> poolings,
          tile.last_column ? features.width - left : tile.block.width >> poolings};
}

std::vector<kernels::Shape> layer_shapes(const DeviceNetwork& network, const Recipe& recipe, const Part& part,
                                         int height, int width) {
  std::vector<kernels::Shape> shapes;
  kernels::Shape shape = part.input;
  shape.height = height;
  shape.width = width;
  for (size_t i = part.first; i < part.last; i++) {
    const network::Convolution& convolution = network.layers()[i].convolution;
    if (convolution.pool_before && i > part.first) shape = kernels::pooled(shape, recipe.rounding);
    shape.channels = convolution.outputs;
    shapes.push_back(shape);
  }
  if (part.pooled) shapes.push_back(kernels::pooled(shape, recipe.rounding));
  return shapes;
}

std::vector<kernels::Shape> layer_shapes(const DeviceNetwork& network, const Recipe& recipe, int height,
                                         int width) {
  return layer_shapes(network, recipe, all_layers(network, height, width), height, width);
}

}  // namespace impasto::plan
