// Rows of tiles as ranges of the buffers that hold them (layout.h).
#include "kernels/tile_rows.h"

#include "common/layout.h"

#include <algorithm>

namespace impasto::kernels {
namespace {

constexpr uint32_t kMaskBytes = 8;  // of a tile
constexpr uint32_t kChoiceBytes = 4;

RowBinding bind_words(const Context& context, const Shape& shape, const TileRows& rows,
                      const vulkan::Region& region, uint32_t bytes, const vulkan::Region& instead,
                      vulkan::Access access) {
  if (region.bytes == 0) return {reads(instead), 0};
  const uint64_t row_bytes = uint64_t(shape.blocks()) * shape.tile_columns() * bytes;
  return bind_rows(region, row_bytes, bytes, rows.first, rows.last, context.caps().storage_alignment, access);
}

}  // namespace

RowBinding bind_tiles(const Context& context, const Tensor& tensor, const TileRows& rows,
                      vulkan::Access access) {
  return bind_rows(tensor, rows.first * shared::kTile,
                   std::min(rows.last * shared::kTile, tensor.shape.height), context.caps().storage_alignment,
                   access);
}

RowBinding bind_mask(const Context& context, const Shape& shape, const TileRows& rows,
                     const vulkan::Region& mask, const vulkan::Region& instead, vulkan::Access access) {
  return bind_words(context, shape, rows, mask, kMaskBytes, instead, access);
}

PooledRows bind_pooled(const Context& context, const PooledMap& map, const TileRows& rows,
                       vulkan::Access access, vulkan::BindingKind kind, const vulkan::Region& instead) {
  const uint64_t alignment = context.caps().storage_alignment;
  const int height = map.pooled.shape.height;
  const int first = std::min(rows.first * 2, height - 1), last = std::min(rows.last * 2, height);
  return {bind_rows(map.pooled, first, std::max(first + 1, last), alignment, access, kind),
          bind_mask(context, map.map, rows, map.mask, instead, access),
          bind_words(context, map.map, rows, map.choices, kChoiceBytes, instead, access)};
}

}  // namespace impasto::kernels
