// Memory and order of a pass over tiles.
#include "plan/tile_programs.h"

#include <algorithm>

namespace impasto::plan {

std::vector<uint64_t> TilePrograms::blocks(const vulkan::Caps& caps, std::vector<uint64_t> blocks) const {
  for (const Shape& shape : shapes_) {
    const std::vector<uint64_t> needed = shape.program.blocks(caps);
    blocks.resize(std::max(blocks.size(), needed.size()));
    for (size_t i = 0; i < needed.size(); i++) blocks[i] = std::max(blocks[i], needed[i]);
  }
  return blocks;
}

Footprint TilePrograms::fullest() const {
  Footprint fullest;
  for (const Shape& shape : shapes_)
    if (Footprint tile = shape.program.fullest(); total(tile) > total(fullest)) fullest = std::move(tile);
  return fullest;
}

void TilePrograms::place(const std::vector<vulkan::Buffer>& buffers, const vulkan::Caps& caps) {
  for (Shape& shape : shapes_) shape.program.place(buffers, caps);
}

void TilePrograms::record(kernels::Context& context) const {
  for (size_t tile = 0; tile < shape_of_tile_.size(); tile++)
    shapes_[shape_of_tile_[tile]].program.record(context, tile);
}

}  // namespace impasto::plan
