// Binds what a map has of some rows of its tiles: pixels, the ReLU mask, and what is pooled of them.
#pragma once

#include "kernels/convolution.h"

namespace impasto::kernels {

// Rows of 4×4 tiles.
struct TileRows {
  int first;
  int last;  // exclusive

  int count() const { return last - first; }
};

RowBinding bind_tiles(const Context& context, const Tensor& tensor, const TileRows& rows,
                      vulkan::Access access);

// instead: what may be bound in the place of a mask that is empty.
RowBinding bind_mask(const Context& context, const Shape& shape, const TileRows& rows,
                     const vulkan::Region& mask, const vulkan::Region& instead, vulkan::Access access);

struct PooledRows {
  RowBinding pooled;
  RowBinding mask;
  RowBinding choices;
};

// A row of tiles that no window reaches has a row to bind all the same. instead: likewise of the mask and the choices.
PooledRows bind_pooled(const Context& context, const PooledMap& map, const TileRows& rows,
                       vulkan::Access access, vulkan::BindingKind kind, const vulkan::Region& instead);

}  // namespace impasto::kernels
