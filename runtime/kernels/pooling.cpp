// Records the pooling shaders, a band of tile rows at a time.
#include "kernels/pooling.h"

#include "pooling/push.h"

#include <algorithm>
#include <cassert>

namespace impasto::kernels {
namespace {

using shared::kTile;
using vulkan::Access;

constexpr uint32_t kGroup = 64;

// The rows [first_tile_row, last_tile_row) of tiles of the larger map, and the pooled rows they touch.
struct Band {
  int first_tile_row;
  int last_tile_row;
  int first_row;
  int last_row;
  int first_pooled_row;
  int last_pooled_row;
};

Band band_from(const Shape& in, const Shape& out, int first_tile_row, int tile_rows) {
  const int last_tile_row = std::min(first_tile_row + tile_rows, in.tile_rows());
  // A tile row that no window reaches still has a pooled row to bind, which its invocations do not use.
  const int first_pooled_row = std::min(first_tile_row * 2, out.height - 1);
  return {first_tile_row,         last_tile_row,
          first_tile_row * kTile, std::min(last_tile_row * kTile, in.height),
          first_pooled_row,       std::max(first_pooled_row + 1, std::min(last_tile_row * 2, out.height))};
}

// A band's bindings, and the push constants with the origins of those that were bound.
class BandBinder {
 public:
  BandBinder(Context& context, const Shape& in, const Shape& out, const Band& band)
      : context_(context), in_(in), band_(band) {
    push_.height = in.height;
    push_.width = in.width;
    push_.pooled_height = out.height;
    push_.pooled_width = out.width;
    push_.blocks = in.blocks();
    push_.tile_columns = in.tile_columns();
    push_.first_tile_row = band.first_tile_row;
  }

  void bind_larger(const Tensor& tensor, Access access, vulkan::BindingKind kind) {
    add(bind_rows(tensor, band_.first_row, band_.last_row, alignment(), access, kind), push_.origin);
  }
  void bind_pooled(const Tensor& tensor, Access access, vulkan::BindingKind kind) {
    add(bind_rows(tensor, band_.first_pooled_row, band_.last_pooled_row, alignment(), access, kind),
        push_.pooled_origin);
  }
  void bind_choices(const vulkan::Region& region, Access access) {
    bind_tiles(region, 4, access, push_.choice_origin);
  }
  void bind_mask(const vulkan::Region& region) { bind_tiles(region, 8, Access::read, push_.mask_origin); }

  void dispatch(std::string_view shader, const std::vector<uint32_t>& constants) {
    double bytes = 0;
    for (const vulkan::Binding& binding : bindings_) bytes += double(binding.region.bytes);
    const auto rows = static_cast<uint32_t>(band_.last_tile_row - band_.first_tile_row);
    const int64_t tiles = int64_t{in_.blocks()} * in_.tile_columns();
    kernels::dispatch(context_, shader, "pooling", constants, bindings_, push_,
                      {groups_for(tiles, kGroup), rows, 1}, {0, bytes});
  }

 private:
  uint64_t alignment() const { return context_.caps().storage_alignment; }
  void add(const RowBinding& row, int& origin) {
    origin = row.origin;
    bindings_.push_back(row.binding);
  }
  void bind_tiles(const vulkan::Region& region, uint32_t word_bytes, Access access, int& origin) {
    const uint64_t row_bytes = uint64_t(in_.blocks()) * uint64_t(in_.tile_columns()) * word_bytes;
    add(bind_rows(region, row_bytes, word_bytes, band_.first_tile_row, band_.last_tile_row, alignment(),
                  access),
        origin);
  }

  Context& context_;
  Shape in_;
  Band band_;
  shared::PoolingPush push_{};
  std::vector<vulkan::Binding> bindings_;
};

// Calls operation(band) for every band of tile rows of the larger map.
template <typename Operation>
void for_each_band(const Context& context, const Shape& in, const Shape& out, Operation operation) {
  assert(in.channels == out.channels && out.height > 0 && out.width > 0);
  assert((out.height == in.height / 2 || out.height == (in.height + 1) / 2) &&
         (out.width == in.width / 2 || out.width == (in.width + 1) / 2));
  const int rows = band_rows(in.height, in.row_bytes(), 0, kTile, binding_limit(context.caps()));
  const int tile_rows = std::min(rows / kTile, static_cast<int>(context.caps().max_groups));
  for (int first = 0; first < in.tile_rows(); first += tile_rows)
    operation(band_from(in, out, first, tile_rows));
}

}  // namespace

Shape pooled(const Shape& in, PoolingRounding rounding) {
  const int more = rounding == PoolingRounding::ceil ? 1 : 0;
  return {in.channels, (in.height + more) / 2, (in.width + more) / 2, in.element};
}

void max_pool_forward(Context& context, const Tensor& in, const Tensor& out, const vulkan::Region& choices) {
  for_each_band(context, in.shape, out.shape, [&](const Band& band) {
    BandBinder binder(context, in.shape, out.shape, band);
    binder.bind_larger(in, Access::read, tensor_kind(context));
    binder.bind_pooled(out, Access::write, vulkan::BindingKind::storage);
    binder.bind_choices(choices, Access::write);
    binder.dispatch("pooling/max_forward", {kGroup});
  });
}

void average_pool_forward(Context& context, const Tensor& in, const Tensor& out) {
  for_each_band(context, in.shape, out.shape, [&](const Band& band) {
    BandBinder binder(context, in.shape, out.shape, band);
    binder.bind_larger(in, Access::read, tensor_kind(context));
    binder.bind_pooled(out, Access::write, vulkan::BindingKind::storage);
    binder.dispatch("pooling/average_forward", {kGroup});
  });
}

void max_pool_backward(Context& context, const Tensor& out_gradient, const vulkan::Region& choices,
                       const vulkan::Region& mask, const Tensor& in_gradient, bool accumulate) {
  for_each_band(context, in_gradient.shape, out_gradient.shape, [&](const Band& band) {
    BandBinder binder(context, in_gradient.shape, out_gradient.shape, band);
    binder.bind_pooled(out_gradient, Access::read, tensor_kind(context));
    binder.bind_mask(mask);
    binder.bind_larger(in_gradient, accumulate ? Access::read_write : Access::write,
                       vulkan::BindingKind::storage);
    binder.bind_choices(choices, Access::read);
    binder.dispatch("pooling/max_backward", {kGroup, accumulate});
  });
}

void average_pool_backward(Context& context, const Tensor& out_gradient, const vulkan::Region& mask,
                           const Tensor& in_gradient, bool accumulate) {
  for_each_band(context, in_gradient.shape, out_gradient.shape, [&](const Band& band) {
    BandBinder binder(context, in_gradient.shape, out_gradient.shape, band);
    binder.bind_pooled(out_gradient, Access::read, tensor_kind(context));
    binder.bind_mask(mask);
    binder.bind_larger(in_gradient, accumulate ? Access::read_write : Access::write,
                       vulkan::BindingKind::storage);
    binder.dispatch("pooling/average_backward", {kGroup, accumulate});
  });
}

}  // namespace impasto::kernels
