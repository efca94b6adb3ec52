// The layout of everything a kernel reads and writes: height × ⌈channels/4⌉ × width × 4 floats, or halves.
//
// A row of pixels holds all its channels, so a band of rows is one contiguous range: a tensor larger than one binding may cover
// is processed band by band by every operation alike. Four channels make one texel; channels that pad the last texel are zero.
#pragma once

#include "../vulkan/memory.h"
#include "../vulkan/recorder.h"

#include <cstdint>

namespace impasto::kernels {

using vulkan::Element;
using vulkan::texel_bytes;

struct Shape {
  int channels = 0;
  int height = 0;
  int width = 0;
  Element element = Element::fp32;  // as what it is stored

  int blocks() const { return (channels + 3) / 4; }  // of four channels
  int64_t pixels() const { return int64_t{height} * width; }
  int64_t row_texels() const { return int64_t{blocks()} * width; }
  uint64_t row_bytes() const { return uint64_t(row_texels()) * texel_bytes(element); }
  uint64_t bytes() const { return row_bytes() * height; }

  // Tiles of 4×4 pixels, which masks and pooling choices are stored by.
  int tile_rows() const { return (height + 3) / 4; }
  int tile_columns() const { return (width + 3) / 4; }
  int tiles() const { return tile_rows() * tile_columns(); }
  uint64_t mask_bytes() const {
    return uint64_t(tile_rows()) * blocks() * tile_columns() * 8;
  }  // a bit an element
  uint64_t choice_bytes() const {
    return uint64_t(tile_rows()) * blocks() * tile_columns() * 4;
  }  // two bits a window
  bool operator==(const Shape&) const = default;
};

// Pixels of a tensor or of a picture.
struct Rect {
  int top = 0;
  int left = 0;
  int height = 0;
  int width = 0;
  int bottom() const { return top + height; }
  int right() const { return left + width; }
  bool operator==(const Rect&) const = default;
};

inline Rect all_of(const Shape& shape) {
  return {0, 0, shape.height, shape.width};
}

inline bool contains(const Shape& shape, const Rect& rect) {
  return rect.top >= 0 && rect.left >= 0 && rect.bottom() <= shape.height && rect.right() <= shape.width;
}

struct Tensor {
  Shape shape;
  vulkan::Region region;

  Tensor rows(int first, int count) const {
    return {{shape.channels, count, shape.width, shape.element},
            region.part(uint64_t(first) * shape.row_bytes(), uint64_t(count) * shape.row_bytes())};
  }
};

// A binding of the rows [first, last) of a tensor (or of any array of `height` rows of `row_bytes` bytes), its offset aligned
// down, and the origin to add: element (row y, index i in the row) is at origin + y·row_elements + i for y in [first, last). All of
// it in the 32 bits that shaders calculate in: in large pictures products and sums wrap around, and what they add up to does not.
struct RowBinding {
  vulkan::Binding binding;
  int origin = 0;  // in elements; may be negative
};

RowBinding bind_rows(const vulkan::Region& region, uint64_t row_bytes, uint32_t element_bytes, int first,
                     int last, uint64_t alignment, vulkan::Access access,
                     vulkan::BindingKind kind = vulkan::BindingKind::storage);

// The rows [first, last) of a tensor, elements are texels.
RowBinding bind_rows(const Tensor& tensor, int first, int last, uint64_t alignment, vulkan::Access access,
                     vulkan::BindingKind kind = vulkan::BindingKind::storage);

// Rows per band so that `bytes_per_row` (of the largest binding, halo rows excluded) stays within the limit; a multiple of
// `multiple`, at least `multiple`, at most height rounded up. Throws Error(budget) when even that does not fit.
int band_rows(int height, uint64_t bytes_per_row, int halo_rows, int multiple, uint64_t limit);

}  // namespace impasto::kernels
