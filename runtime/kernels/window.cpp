// Records copies between windows, over bands of rows.
#include "kernels/window.h"

#include "image/push.h"

#include <algorithm>
#include <cassert>

namespace impasto::kernels {
namespace {

constexpr uint32_t kGroup = 64;

}  // namespace

void copy_window(Context& context, const Tensor& in, const Tensor& out, const Move& move, const Rect& to,
                 bool accumulate) {
  assert(in.shape.channels == out.shape.channels);
  assert(contains(in.shape, move.from) && contains(out.shape, to));
  const uint64_t alignment = context.caps().storage_alignment;
  const uint64_t row = std::max(in.shape.row_bytes(), out.shape.row_bytes());
  const int rows = std::min(band_rows(to.height, row, 0, 1, binding_limit(context.caps())),
                            static_cast<int>(context.caps().max_groups));
  const int down = move.from.top - move.top, along = move.from.left - move.left;
  for (int first = to.top; first < to.bottom(); first += rows) {
    const int last = std::min(first + rows, to.bottom());
    // A band that sees nothing of `in` still binds a row of it.
    const int top = std::clamp(first + down, move.from.top, move.from.bottom() - 1);
    const int bottom = std::clamp(last + down, top + 1, move.from.bottom());
    const RowBinding from = bind_rows(in, top, bottom, alignment, vulkan::Access::read, tensor_kind(context));
    const RowBinding written = bind_rows(out, first, last, alignment,
                                         accumulate ? vulkan::Access::read_write : vulkan::Access::write);
    const shared::CopyWindowPush push{from.origin,
                                      written.origin,
                                      in.shape.width,
                                      out.shape.width,
                                      out.shape.blocks(),
                                      down,
                                      along,
                                      first,
                                      to.left,
                                      to.right(),
                                      {move.from.top, move.from.bottom()},
                                      {move.from.left, move.from.right()}};
    dispatch(context, "image/copy_window", "window", {kGroup, accumulate}, {from.binding, written.binding},
             push, {groups_for(to.width, kGroup), uint32_t(out.shape.blocks()), uint32_t(last - first)},
             {0, double(written.binding.region.bytes) * (accumulate ? 3 : 2)});
  }
}

void clear_around(Context& context, const Tensor& tensor, const Rect& kept) {
  assert(contains(tensor.shape, kept));
  const Shape& shape = tensor.shape;
  const int rows = std::min(band_rows(shape.height, shape.row_bytes(), 0, 1, binding_limit(context.caps())),
                            static_cast<int>(context.caps().max_groups));
  for (int first = 0; first < shape.height; first += rows) {
    const int last = std::min(first + rows, shape.height);
    const RowBinding written =
        bind_rows(tensor, first, last, context.caps().storage_alignment, vulkan::Access::write);
    const shared::ClearAroundPush push{
        written.origin,           shape.width, shape.blocks(), first, {kept.top, kept.bottom()},
        {kept.left, kept.right()}};
    const double cleared =
        double(shape.pixels() - int64_t{kept.height} * kept.width) / double(shape.pixels());
    dispatch(context, "image/clear_around", "window", {kGroup}, {written.binding}, push,
             {groups_for(shape.width, kGroup), uint32_t(shape.blocks()), uint32_t(last - first)},
             {0, double(written.binding.region.bytes) * cleared});
  }
}

}  // namespace impasto::kernels
