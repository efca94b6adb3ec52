// Cuts a picture into blocks that are evaluated one after the other, each in a window wide enough that the block comes out exact.
//
// A window that ends inside the picture is padded there as if the picture ended, which is wrong; the error reaches inwards as far as
// the convolutions do, and stays outside of everything that the block's losses depend on and that they are differentiated by. A
// window that ends where the picture ends is padded as the picture is.
//
// How much wider depends on the layers alone, and most of it on the deep ones: relu5_1 looks 70 pixels to each side, what the third
// pooling leaves 22, the first 2. So the layers behind a pooling may be a part of their own, with larger tiles of what the pooling left,
// which is kept for the whole picture: then little of what is evaluated lies outside of the blocks. Where they fit in one tile,
// they are not evaluated twice either. The earlier the pooling, the less work and the more memory: behind the first a
// large picture takes a twentieth more work than whole and two thirds of the memory, behind the third two fifths more and two fifths.
//
// Windows begin where Winograd's tiles do in every layer, so that most values are rounded as they are in the whole picture. What rounds
// otherwise may pass a ReLU's gradient that is stopped there: that is no matter of the last digits. Before the first and the second pooling
// windows are so wide that all which matters is rounded alike; before the third that would be 90 pixels more.
#pragma once

#include "impasto/job.h"
#include "impasto/recipe.h"
#include "kernels/window.h"
#include "plan/device_network.h"

#include <vector>

namespace impasto::plan {

using kernels::Rect;

constexpr int kMostParting = 3;

struct Tiling {
  int side = 0;                // of the blocks in pixels, a multiple of kTileMultiple; 0: the picture whole
  int deep_side = 0;           // of the deep layers' own in pixels of the picture; 0: they share the others'
  int parting = kMostParting;  // the pooling behind which the deep layers begin, from 1 to kMostParting
  bool operator==(const Tiling&) const = default;
};

struct Tile {
  Rect window;  // of the part's input
  Rect block;   // of the window
  bool last_row = false;
  bool last_column = false;

  // Tiles of one shape run the same program.
  bool same_shape(const Tile& other) const {
    return window.height == other.window.height && window.width == other.window.width &&
           block == other.block && last_row == other.last_row && last_column == other.last_column;
  }
};

// Layers [first, last) that are evaluated together.
struct Part {
  size_t first = 0;
  size_t last = 0;
  bool pooled = false;   // after the last of them, for the part that follows
  kernels::Shape input;  // the picture, or what the part before has pooled
  std::vector<Tile> tiles;

  bool has(size_t layer) const { return first <= layer && layer < last; }
  // Its statistics are known before its gradient is begun, in one pass.
  bool evaluated_once() const { return tiles.size() == 1 && !pooled; }
};

// Every layer, on a picture of this size that is not cut yet.
Part all_layers(const DeviceNetwork& network, int height, int width);

// The parts that a picture of this size is evaluated in, one when it is whole: blocks of tiling.side pixels from the top left in the
// first, of tiling.deep_side in the deep one. What would be narrower than a pixel after the part's last pooling goes to the block before.
std::vector<Part> cut_into_parts(const DeviceNetwork& network, const Recipe& recipe, int height, int width,
                                 const Tiling& tiling);

// Pixels of the part's input by which a window has to be wider than its block on each side, rounded up to what its poolings leave
// whole. Where it begins, it is wider by what is missing to a multiple of window_grid.
int halo_of(const DeviceNetwork& network, const Part& part);
int window_grid(const DeviceNetwork& network, const Part& part);

// The block of a tile in its features after so many poolings of the part.
Rect block_of(const Tile& tile, const kernels::Shape& features, int poolings);

// The shape of the activation of each layer of the part for an input of this size, and of what is pooled after them.
std::vector<kernels::Shape> layer_shapes(const DeviceNetwork& network, const Recipe& recipe, const Part& part,
                                         int height, int width);

// The shape of every activation of a picture.
std::vector<kernels::Shape> layer_shapes(const DeviceNetwork& network, const Recipe& recipe, int height,
                                         int width);

}  // namespace impasto::plan
