// Records Gram matrices, style differences and their gradients.
#include "gram.h"

#include "gemm.h"
#include "style/push.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace impasto::kernels {
namespace {

constexpr int kTileChannels = 64;  // of gram.comp, a side
constexpr int kTileInvocations = 128;

int blocks_of(int channels) {
  return (channels + 3) / 4;
}
int eights_of(int channels) {
  return (blocks_of(channels) + 1) / 2;
}
int padded_channels(int channels) {
  return (channels + shared::kGemmRows - 1) / shared::kGemmRows * shared::kGemmRows;
}

int tiles_of(int channels) {
  return (channels + kTileChannels - 1) / kTileChannels;
}

// Whole rows. Few splits are summed soon; a GPU needs many of them, or where channels are few it has not enough to do.
int rows_per_split(const vulkan::Caps& caps, int channels, const Rect& rect) {
  const int64_t all = int64_t{rect.height} * rect.width;
  const int tiles = tiles_of(channels);
  const int most = has_subgroup_gemm(caps) ? 512 : std::max(256 / (tiles * (tiles + 1) / 2), 1);
  const int64_t least = has_subgroup_gemm(caps) ? 2048 : 256;  // pixels
  const int64_t pixels = std::max((all + most - 1) / most, least);
  return static_cast<int>(std::min<int64_t>((pixels + rect.width - 1) / rect.width, rect.height));
}

int splits_of(const Rect& rect, int rows) {
  return (rect.height + rows - 1) / rows;
}

// Workgroups of style_difference along the rows and the blocks of D.
std::array<uint32_t, 3> difference_groups(int channels) {
  const int padded = padded_channels(channels);
  return {groups_for(padded, 64), groups_for(padded / 4, shared::kBlocksPerGroup), 1};
}

}  // namespace

uint64_t gram_bytes(int channels) {
  return uint64_t(blocks_of(channels)) * blocks_of(channels) * 64;
}

uint64_t gram_difference_bytes(int channels) {
  return uint64_t(padded_channels(channels)) * padded_channels(channels) * sizeof(float);
}

uint64_t gram_partial_bytes(const vulkan::Caps& caps, const Shape& shape, const Rect& rect) {
  const uint64_t eights = eights_of(shape.channels);
  return eights * eights * 256 * splits_of(rect, rows_per_split(caps, shape.channels, rect));
}

void gram(Context& context, const Tensor& features, const Rect& rect, float scale,
          const vulkan::Region& partials, const vulkan::Region& gram, bool accumulate) {
  const Shape& shape = features.shape;
  assert(contains(shape, rect));
  const vulkan::Caps& caps = context.caps();
  const int split_rows = rows_per_split(caps, shape.channels, rect);
  const int band = band_rows(rect.height, shape.row_bytes(), 0, split_rows, binding_limit(caps));
  for (int first = rect.top; first < rect.bottom(); first += band) {
    const int last = std::min(first + band, rect.bottom());
    const RowBinding rows =
        bind_rows(features, first, last, caps.storage_alignment, vulkan::Access::read, tensor_kind(context));
    const shared::GramPush push{
        rows.origin + rect.left, shape.width, last,       rect.width,
        shape.blocks(),          first,       split_rows, (first - rect.top) / split_rows};
    const uint32_t splits = groups_for(last - first, split_rows);
    const Cost cost{double(shape.channels) * shape.channels * rect.width * (last - first), 0};
    if (has_subgroup_gemm(caps)) {
      dispatch(context, "style/gram_subgroup." + std::to_string(caps.subgroup_size), "gram",
               {caps.subgroup_size}, {rows.binding, writes(partials)}, push,
               {groups_for(shape.blocks(), caps.subgroup_size), groups_for(shape.blocks(), 4), splits}, cost);
    } else {
      const auto tiles = uint32_t(tiles_of(shape.channels));
      dispatch(context, "style/gram", "gram", {kTileInvocations}, {rows.binding, writes(partials)}, push,
               {tiles, tiles, splits}, cost);
    }
  }
  const shared::GramReducePush push{shape.blocks(), splits_of(rect, split_rows), scale};
  dispatch(context, "style/gram_reduce", "gram sum", {64, accumulate},
           {reads(partials), accumulate ? updates(gram) : writes(gram)}, push,
           {groups_for(shape.blocks() * 4, 64), uint32_t(shape.blocks()), 1}, {0, double(partials.bytes)});
}

int style_partials(int channels) {
  const std::array<uint32_t, 3> groups = difference_groups(channels);
  return static_cast<int>(groups[0] * groups[1]);
}

void style_difference(Context& context, int channels, float scale, const vulkan::Region& gram,
                      const vulkan::Region& target, const vulkan::Region& difference,
                      const vulkan::Region& term) {
  const shared::StyleDifferencePush push{blocks_of(channels) * 4, padded_channels(channels), 4.0f * scale};
  dispatch(context, "style/style_difference", "style difference", {64},
           {fetches(context, gram), fetches(context, target), writes(difference), updates(term)}, push,
           difference_groups(channels), {0, double(difference.bytes) * 3});
}

void gram_gradient(Context& context, const Tensor& features, const Rect& rect,
                   const vulkan::Region& difference, const Tensor& gradient, bool accumulate) {
  const Shape& shape = features.shape;
  assert(shape == gradient.shape && contains(shape, rect));
  const vulkan::Caps& caps = context.caps();
  const int band = band_rows(rect.height, shape.row_bytes(), 0, 1, binding_limit(caps));
  for (int first = rect.top; first < rect.bottom(); first += band) {
    const int last = std::min(first + band, rect.bottom());
    const int pixels = (last - first) * rect.width;
    const RowBinding from =
        bind_rows(features, first, last, caps.storage_alignment, vulkan::Access::read, tensor_kind(context));
    const RowBinding to =
        bind_rows(gradient, first, last, caps.storage_alignment, vulkan::Access::read_write);
    shared::GramGradientPush push{from.origin + rect.left,
                                  to.origin + rect.left,
                                  shape.width,
                                  rect.width,
                                  shape.blocks(),
                                  padded_channels(shape.channels),
                                  first,
                                  pixels,
                                  0};
    const Cost cost{2.0 * shape.channels * shape.channels * pixels, 0};
    const std::vector<vulkan::Binding> bindings = {from.binding, fetches(context, difference), to.binding};
    const GemmKernel kernel = gemm_kernel(caps, context.library.tuning(), shape.blocks() * 4);
    if (kernel.family == GemmFamily::shared) {
      dispatch(context, "style/gram_gradient" + std::string(kernel.variant), "gram gradient",
               {kernel.invocations, accumulate, uint32_t(kernel.tile_rows)}, bindings, push,
               {groups_for(pixels, kernel.tile_columns), groups_for(shape.blocks() * 4, kernel.tile_rows), 1},
               cost);
      continue;
    }
    for (const SubgroupGemm& gemm : subgroup_gemms("style/gram_gradient_subgroup", caps, pixels)) {
      push.first_column = gemm.first_column;
      dispatch(context, gemm.shader, "gram gradient", {caps.subgroup_size, accumulate}, bindings, push,
               {gemm.groups, uint32_t(padded_channels(shape.channels) / shared::kGemmRows), 1},
               {cost.flops * gemm.columns / pixels, 0});
    }
  }
}

}  // namespace impasto::kernels
