// Binds bands of rows and says how many rows a band may have.
#include "tensor.h"

#include "impasto/error.h"

#include <algorithm>
#include <cassert>

namespace impasto::kernels {

RowBinding bind_rows(const vulkan::Region& region, uint64_t row_bytes, uint32_t element_bytes, int first,
                     int last, uint64_t alignment, vulkan::Access access, vulkan::BindingKind kind) {
  assert(first >= 0 && first < last && uint64_t(last) * row_bytes <= region.bytes);
  const uint64_t begin = region.offset + uint64_t(first) * row_bytes;
  const uint64_t aligned = begin / alignment * alignment;
  const uint64_t end = region.offset + uint64_t(last) * row_bytes;
  assert((begin - aligned) % element_bytes == 0);
  const int64_t origin =
      int64_t((begin - aligned) / element_bytes) - int64_t(first) * int64_t(row_bytes / element_bytes);
  return {{{region.buffer, aligned, end - aligned}, access, kind, Element::fp32}, static_cast<int>(origin)};
}

RowBinding bind_rows(const Tensor& tensor, int first, int last, uint64_t alignment, vulkan::Access access,
                     vulkan::BindingKind kind) {
  RowBinding rows =
      bind_rows(tensor.region, tensor.shape.row_bytes(), uint32_t(texel_bytes(tensor.shape.element)), first,
                last, alignment, access, kind);
  rows.binding.element = tensor.shape.element;
  return rows;
}

int band_rows(int height, uint64_t bytes_per_row, int halo_rows, int multiple, uint64_t limit) {
  // 256 bytes may be lost to the alignment of the offset.
  const uint64_t fitting = limit > 256 ? (limit - 256) / bytes_per_row : 0;
  const int64_t rows = (int64_t(fitting) - halo_rows) / multiple * multiple;
  if (rows < multiple)
    throw Error(ErrorKind::budget,
                "a row of the picture is larger than this device can bind; use a smaller size");
  const int64_t whole = (int64_t{height} + multiple - 1) / multiple * multiple;
  return static_cast<int>(std::min(rows, whole));
}

}  // namespace impasto::kernels
