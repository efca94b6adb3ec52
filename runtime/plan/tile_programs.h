// One pass over the tiles of a picture: a program for each shape of tile, recorded for every tile in order.
#pragma once

#include "plan/program.h"
#include "plan/tiles.h"

#include <deque>
#include <vector>

namespace impasto::plan {

class TilePrograms {
 public:
  // write(program, tile): the program of the tiles of this tile's shape; it finds out which one it is recorded for by memory.tile().
  template <typename Write>
  void plan(const std::vector<Tile>& tiles, Write write) {
    for (const Tile& tile : tiles) {
      size_t shape = 0;
      while (shape < shapes_.size() && !shapes_[shape].tile.same_shape(tile)) shape++;
      shape_of_tile_.push_back(shape);
      if (shape < shapes_.size()) continue;
      shapes_.push_back({tile, {}});
      write(shapes_.back().program, tile);
    }
  }

  // Bytes of the blocks that each of the programs fits in, at least as large as `blocks`.
  std::vector<uint64_t> blocks(const vulkan::Caps& caps, std::vector<uint64_t> blocks = {}) const;

  // Of the program that holds most.
  Footprint fullest() const;

  void place(const std::vector<vulkan::Buffer>& buffers, const vulkan::Caps& caps);
  void record(kernels::Context& context) const;

 private:
  struct Shape {
    Tile tile;
    Program program;
  };
  std::deque<Shape> shapes_;
  std::vector<size_t> shape_of_tile_;
};

}  // namespace impasto::plan
