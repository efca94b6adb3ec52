// Cuts a picture into blocks that are evaluated one after the other, each in a window wide enough that the block comes out exact.
//
// A window that ends inside the picture is padded with zeros there, which is wrong; the error reaches inwards as far as the
// convolutions do, and stays outside of everything that the block's losses depend on and that they are differentiated by. A window
// that ends where the picture ends is padded as the picture is.
#pragma once

#include "impasto/job.h"
#include "kernels/tensor.h"
#include "plan/device_network.h"

#include <vector>

namespace impasto::plan {

constexpr int kTileAlignment = kTileMultiple;  // four poolings halve it to a pixel

struct Rect {
  int top = 0;
  int left = 0;
  int height = 0;
  int width = 0;
  int bottom() const { return top + height; }
  int right() const { return left + width; }
  bool operator==(const Rect&) const = default;
};

struct Tile {
  Rect window;  // of the picture
  Rect block;   // of the window
  bool last_row = false;
  bool last_column = false;

  // Tiles of one shape run the same program.
  bool same_shape(const Tile& other) const {
    return window.height == other.window.height && window.width == other.window.width &&
           block == other.block && last_row == other.last_row && last_column == other.last_column;
  }
};

// Pixels by which a window has to be wider than its block, on each side: a multiple of kTileAlignment.
int halo_of(const DeviceNetwork& network);

// Blocks of side × side pixels from the top left; what would be narrower than kTileAlignment goes to the block before. One tile, the
// picture, when side is 0 or it is not larger.
std::vector<Tile> cut_into_tiles(const DeviceNetwork& network, int height, int width, int side);

// The block of a tile in its features after so many poolings.
Rect block_of(const Tile& tile, const kernels::Shape& features, int poolings);

// The shape of every activation of a picture.
std::vector<kernels::Shape> layer_shapes(const DeviceNetwork& network, const Recipe& recipe, int height,
                                         int width);

}  // namespace impasto::plan
