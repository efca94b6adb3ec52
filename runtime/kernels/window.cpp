// Records copies between windows, over bands of rows.
#include "kernels/window.h"

#include "image/push.h"

#include <algorithm>
#include <cassert>

namespace impasto::kernels {

void copy_window(Context& context, const Tensor& in, const Tensor& out, int down, int along) {
  assert(in.shape.channels == out.shape.channels);
  constexpr uint32_t kGroup = 64;
  const uint64_t alignment = context.caps().storage_alignment;
  const uint64_t row = std::max(in.shape.row_bytes(), out.shape.row_bytes());
  const int rows = std::min(band_rows(out.shape.height, row, 0, 1, binding_limit(context.caps())),
                            static_cast<int>(context.caps().max_groups));
  for (int first = 0; first < out.shape.height; first += rows) {
    const int last = std::min(first + rows, out.shape.height);
    // A band that sees nothing of `in` still binds a row of it.
    const int top = std::clamp(first + down, 0, in.shape.height - 1);
    const int bottom = std::clamp(last + down, top + 1, in.shape.height);
    const RowBinding from = bind_rows(in, top, bottom, alignment, vulkan::Access::read, tensor_kind(context));
    const RowBinding to = bind_rows(out, first, last, alignment, vulkan::Access::write);
    const shared::CopyWindowPush push{from.origin,    to.origin,       in.shape.height,
                                      in.shape.width, out.shape.width, out.shape.blocks(),
                                      down,           along,           first};
    dispatch(context, "image/copy_window", "window", {kGroup}, {from.binding, to.binding}, push,
             {groups_for(out.shape.width, kGroup), uint32_t(out.shape.blocks()), uint32_t(last - first)},
             {0, double(to.binding.region.bytes) * 2});
  }
}

}  // namespace impasto::kernels
