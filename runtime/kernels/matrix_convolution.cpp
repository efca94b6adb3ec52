// Records convolutions by cooperative matrices, band by band.
#include "kernels/matrix_convolution.h"

#include "convolution/push.h"
#include "kernels/tile_rows.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <vector>

namespace impasto::kernels {
namespace {

using shared::kPatchColumns;
using shared::kPatchRows;

constexpr const char* kForward = "convolution/matrix_forward";
constexpr const char* kForwardPooled = "convolution/matrix_forward_pooled";
constexpr const char* kBackward = "convolution/matrix_backward";
constexpr const char* kBackwardPooled = "convolution/matrix_backward_pooled";
constexpr const char* kKind = "matrix convolution";

constexpr uint32_t kIntel = 0x8086;
constexpr int kLeastRows = 32;  // channels are padded to a multiple of it

struct PooledPush {
  shared::MatrixPush push;
  shared::MatrixPooledPush map;
};

// Rows of pixels of what is written.
struct Band {
  int first;
  int last;
  shared::MatrixPush push;  // without origins
  MatrixKernel kernel;
  std::array<uint32_t, 3> groups;
  Cost cost;

  TileRows tiles() const { return {first / shared::kTile, (last + shared::kTile - 1) / shared::kTile}; }
};

// The rows of the input that a band depends on. margin: pixels that what is written has on each side around it.
TileRows pixels_around(const Band& band, const Shape& in, int margin) {
  return {std::max(band.first - 1 - margin, 0), std::min(band.last + 1 - margin, in.height)};
}

template <typename Body>
void for_each_band(const Context& context, const Shape& in, const Shape& out, int margin, Body body) {
  assert(in.element == Element::fp16 && out.height == in.height + 2 * margin &&
         out.width == in.width + 2 * margin);
  const int height = out.height;
  const int rows = matrix_rows(out.channels);
  const MatrixKernel kernel = matrix_kernel(context.caps(), context.library.tuning(), rows);
  const int most = band_rows(height, std::max(in.row_bytes(), out.row_bytes()), 2, kPatchRows,
                             binding_limit(context.caps()));
  for (int first = 0; first < height; first += most) {
    const int last = std::min(first + most, height);
    body(Band{first,
              last,
              {0, 0, 0, height, out.width, margin, in.blocks(), out.blocks(), out.tile_columns(), first,
               matrix_slabs(in.channels), rows},
              kernel,
              {groups_for(out.width, kPatchColumns), uint32_t(rows / (kernel.subgroup_rows * kernel.groups)),
               groups_for(last - first, kPatchRows)},
              {convolution_flops(in.channels, out.channels, out) * (last - first) / height, 0}});
  }
}

RowBinding bind_input(const Context& context, const Tensor& in, const Band& band, int margin) {
  const TileRows pixels = pixels_around(band, in.shape, margin);
  return bind_rows(in, pixels.first, pixels.last, context.caps().storage_alignment, vulkan::Access::read);
}

// more: what the direction's shader has beside the mask, replicate or accumulate.
std::vector<uint32_t> constants(const vulkan::Caps& caps, const MatrixKernel& kernel, bool mask, bool more) {
  const vulkan::MatrixShape& matrix = caps.matrix;
  const auto groups = uint32_t(kernel.groups);
  return {2 * groups * caps.subgroup_size, mask, more, matrix.rows, matrix.columns, matrix.depth, groups,
          uint32_t(kernel.subgroup_rows)};
}

}  // namespace

bool has_matrix_convolution(const vulkan::Caps& caps) {
  // Software has no units for them, and before Xe2 Intel's are slower than its vectors (llama.cpp, issue 12690).
  const bool fast = caps.matrix.exists() && !caps.software() && caps.vendor_id != kIntel;
  return fast && caps.max_storage_buffers >= 5 && !matrix_kernels(caps, kLeastRows).empty() &&
         has_shader(kForward + std::string(".halves"));
}

void matrix_forward(Context& context, const ConvolutionWeights& weights, const Tensor& in, const Tensor& out,
                    const vulkan::Region& mask, Padding padding) {
  for_each_band(context, in.shape, out.shape, 0, [&](Band band) {
    const RowBinding from = bind_input(context, in, band, 0);
    const RowBinding to = bind_tiles(context, out, band.tiles(), vulkan::Access::write);
    const RowBinding bits =
        bind_mask(context, out.shape, band.tiles(), mask, weights.bias, vulkan::Access::write);
    band.push.in_origin = from.origin;
    band.push.out_origin = to.origin;
    band.push.mask_origin = bits.origin;
    dispatch(context, kForward, kKind,
             constants(context.caps(), band.kernel, mask.bytes != 0, padding == Padding::replicate),
             {from.binding, reads(weights.matrix_forward), to.binding, reads(weights.bias), bits.binding},
             band.push, band.groups, band.cost, context.caps().subgroup_size);
  });
}

void matrix_forward(Context& context, const ConvolutionWeights& weights, const Tensor& in,
                    const PooledMap& out, Padding padding) {
  for_each_band(context, in.shape, out.map, 0, [&](Band band) {
    const RowBinding from = bind_input(context, in, band, 0);
    const PooledRows to = bind_pooled(context, out, band.tiles(), vulkan::Access::write,
                                      vulkan::BindingKind::storage, weights.bias);
    band.push.in_origin = from.origin;
    band.push.out_origin = to.pooled.origin;
    band.push.mask_origin = to.mask.origin;
    const Shape& pooled = out.pooled.shape;
    const PooledPush push{band.push, {pooled.height, pooled.width, to.choices.origin, 0, 0}};
    std::vector<uint32_t> values =
        constants(context.caps(), band.kernel, out.mask.bytes != 0, padding == Padding::replicate);
    values.push_back(out.kind == PoolingKind::max);
    dispatch(context, kForwardPooled, kKind, values,
             {from.binding, reads(weights.matrix_forward), to.pooled.binding, reads(weights.bias),
              to.mask.binding, to.choices.binding},
             push, band.groups, band.cost, context.caps().subgroup_size);
  });
}

void matrix_backward(Context& context, const ConvolutionWeights& weights, const Tensor& out_gradient,
                     const Tensor& in_gradient, int margin, const vulkan::Region& mask, bool accumulate) {
  for_each_band(context, out_gradient.shape, in_gradient.shape, margin, [&](Band band) {
    const RowBinding from = bind_input(context, out_gradient, band, margin);
    const RowBinding to = bind_tiles(context, in_gradient, band.tiles(), vulkan::Access::read_write);
    const RowBinding bits =
        bind_mask(context, in_gradient.shape, band.tiles(), mask, weights.bias, vulkan::Access::read);
    band.push.in_origin = from.origin;
    band.push.out_origin = to.origin;
    band.push.mask_origin = bits.origin;
    dispatch(context, kBackward, kKind, constants(context.caps(), band.kernel, mask.bytes != 0, accumulate),
             {from.binding, reads(weights.matrix_backward), to.binding, bits.binding}, band.push, band.groups,
             band.cost, context.caps().subgroup_size);
  });
}

void matrix_backward(Context& context, const ConvolutionWeights& weights, const PooledMap& out_gradient,
                     const Tensor& in_gradient, int margin, const vulkan::Region& mask, bool accumulate) {
  const Shape &map = out_gradient.map, &pooled = out_gradient.pooled.shape;
  for_each_band(context, map, in_gradient.shape, margin, [&](Band band) {
    const TileRows pixels = pixels_around(band, map, margin);
    const TileRows tiles{pixels.first / shared::kTile, (pixels.last + shared::kTile - 1) / shared::kTile};
    const PooledRows from = bind_pooled(context, out_gradient, tiles, vulkan::Access::read,
                                        vulkan::BindingKind::storage, weights.bias);
    const RowBinding to = bind_tiles(context, in_gradient, band.tiles(), vulkan::Access::read_write);
    const RowBinding bits =
        bind_mask(context, in_gradient.shape, band.tiles(), mask, weights.bias, vulkan::Access::read);
    band.push.in_origin = from.pooled.origin;
    band.push.out_origin = to.origin;
    band.push.mask_origin = bits.origin;
    const PooledPush push{
        band.push, {pooled.height, pooled.width, from.choices.origin, from.mask.origin, map.tile_columns()}};
    std::vector<uint32_t> values = constants(context.caps(), band.kernel, mask.bytes != 0, accumulate);
    values.push_back(out_gradient.kind == PoolingKind::max);
    dispatch(context, kBackwardPooled, kKind, values,
             {from.pooled.binding, reads(weights.matrix_backward), to.binding, bits.binding,
              from.mask.binding, from.choices.binding},
             push, band.groups, band.cost, context.caps().subgroup_size);
  });
}

}  // namespace impasto::kernels
