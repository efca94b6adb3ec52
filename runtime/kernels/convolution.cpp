// Records convolutions: slab by slab through Winograd's three dispatches, or directly.
#include "convolution.h"

#include "convolution/push.h"
#include "gemm.h"
#include "matrix_convolution.h"
#include "tile_rows.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace impasto::kernels {
namespace {

constexpr int kPoints = 36;

int padded_channels(int channels) {
  return (channels + shared::kGemmRows - 1) / shared::kGemmRows * shared::kGemmRows;
}
int padded_tiles(int tiles) {
  return (tiles + kSlabMultiple - 1) / kSlabMultiple * kSlabMultiple;
}

// Of one point of V: even, so that two and two can share a row (shaders/convolution/rows.glsl).
int v_rows(int blocks) {
  return (blocks + 1) / 2 * 2;
}
// Of the shaders that write or read V and M.
std::string variant(const Context& context, const std::string& shader) {
  return has_wide_stores(context.caps()) ? shader + ".wide" : shader;
}

// A slab of tiles and the texel layout of its V and M.
struct Slab {
  int first;  // of its tiles, in those of the picture
  int tiles;
  int pitch;
};

TileRows rows_of(const Slab& slab, const Shape& picture) {
  const int columns = picture.tile_columns();
  return {slab.first / columns, (slab.first + slab.tiles - 1) / columns + 1};
}

uint32_t lanes(const Context& context) {
  return prefers_texels(context.caps()) ? std::max(context.caps().subgroup_size, 4u) : 64u;
}

// Of the input transform (shaders/convolution/winograd_input.glsl): a GPU's invocations make two of a block's four channels.
std::array<uint32_t, 3> input_groups(const Context& context, const Slab& slab, const Shape& shape) {
  const int pairs = prefers_texels(context.caps()) ? 1 : 2;
  const int rows = has_wide_stores(context.caps()) ? v_rows(shape.blocks()) / 2 : shape.blocks();
  return {groups_for(slab.tiles * pairs, lanes(context)), uint32_t(rows), 1};
}

// How a slab reads its input.
struct Reading {
  bool rotated = false;    // for the data gradient
  bool replicate = false;  // the edge beyond the edge, else zeros
  int margin = 0;          // pixels that what is tiled has on each side around the input
};

// grid: what is tiled.
void record_input(Context& context, const Tensor& in, const Shape& grid, const Slab& slab,
                  const vulkan::Region& v, const Reading& reading) {
  const Shape& shape = in.shape;
  const TileRows rows = rows_of(slab, grid);
  const int first = std::max(rows.first * shared::kTile - 1 - reading.margin, 0);
  const int last = std::min(rows.last * shared::kTile + 1 - reading.margin, shape.height);
  const RowBinding bound = bind_rows(in, first, last, context.caps().storage_alignment, vulkan::Access::read,
                                     tensor_kind(context));
  const shared::WinogradInputPush push{bound.origin,   shape.height,        shape.width,
                                       shape.blocks(), grid.tile_columns(), slab.first,
                                       slab.tiles,     slab.pitch,          v_rows(shape.blocks())};
  dispatch(context, variant(context, "convolution/winograd_input"), "winograd input",
           {lanes(context), reading.rotated, reading.replicate, uint32_t(reading.margin)},
           {bound.binding, writes(v)}, push, input_groups(context, slab, shape), {0, double(v.bytes)});
}

// The same of a gradient that has been pooled.
void record_pooled_input(Context& context, const PooledMap& in, const Shape& grid, const Slab& slab,
                         const vulkan::Region& v, int margin, const vulkan::Region& instead_of_choices) {
  const Shape &map = in.map, &pooled = in.pooled.shape;
  const TileRows rows = rows_of(slab, grid);
  const TileRows around{std::clamp(rows.first - 1, 0, map.tile_rows() - 1),
                        std::min(rows.last + 1, map.tile_rows())};
  const PooledRows bound =
      bind_pooled(context, in, around, vulkan::Access::read, tensor_kind(context), instead_of_choices);
  const shared::WinogradPooledInputPush push{
      bound.pooled.origin, bound.mask.origin, bound.choices.origin, map.height,      map.width,
      pooled.height,       pooled.width,      map.blocks(),         map.tile_rows(), map.tile_columns(),
      grid.tile_columns(), slab.first,        slab.tiles,           slab.pitch,      v_rows(map.blocks())};
  dispatch(context, variant(context, "convolution/winograd_input_pooled"), "winograd input",
           {lanes(context), in.kind == PoolingKind::max, uint32_t(margin)},
           {bound.pooled.binding, writes(v), bound.mask.binding, bound.choices.binding}, push,
           input_groups(context, slab, map), {0, double(v.bytes)});
}

struct Product {
  int contraction;  // blocks
  int rows;         // padded
  bool rotated;
  double flops;
};

void record_products(Context& context, const ConvolutionWeights& weights, const Slab& slab,
                     const Product& product, const WinogradScratch& scratch) {
  shared::GemmPush push{product.contraction,
                        product.rows,
                        padded_channels(weights.outputs),
                        padded_channels(weights.inputs) / 4,
                        slab.tiles,
                        slab.pitch,
                        v_rows(product.contraction),
                        0};
  const std::vector<vulkan::Binding> bindings = {
      fetches(context, scratch.v), fetches(context, weights.winograd, weights.element), writes(scratch.m)};
  const Cost cost{product.flops, 0};
  const GemmKernel kernel = gemm_kernel(context.caps(), context.library.tuning(), product.rows);
  if (kernel.family == GemmFamily::shared) {
    dispatch(
        context, "convolution/winograd_gemm" + std::string(kernel.variant), "winograd product",
        {kernel.invocations, product.rotated, uint32_t(kernel.tile_rows)}, bindings, push,
        {groups_for(slab.tiles, kernel.tile_columns), groups_for(product.rows, kernel.tile_rows), kPoints},
        cost);
    return;
  }
  for (const SubgroupGemm& gemm :
       subgroup_gemms("convolution/winograd_gemm_subgroup", context.caps(), slab.tiles)) {
    push.first_column = gemm.first_column;
    dispatch(context, variant(context, gemm.shader), "winograd product",
             {context.caps().subgroup_size, product.rotated}, bindings, push,
             {gemm.groups, uint32_t(product.rows / shared::kGemmRows), kPoints},
             {cost.flops * gemm.columns / slab.tiles, 0});
  }
}

shared::WinogradOutputPush output_push(const Shape& shape, const Slab& slab, int origin, int mask_origin,
                                       int padded_rows) {
  return {origin,     mask_origin, shape.height, shape.width,    shape.blocks(), shape.tile_columns(),
          slab.first, slab.tiles,  slab.pitch,   padded_rows / 4};
}

template <typename Body>
void for_each_slab(const Context& context, const Shape& in, const Shape& out, const WinogradScratch& scratch,
                   Body body) {
  const uint64_t limit = binding_limit(context.caps());
  const int most = slab_tiles(in.tiles(), in.channels, out.channels, std::min(scratch.v.bytes, limit),
                              std::min(scratch.m.bytes, limit));
  for (int first = 0; first < in.tiles(); first += most) {
    const int tiles = std::min(most, in.tiles() - first);
    WinogradScratch used = scratch;
    used.v.bytes = winograd_input_bytes(in.channels, tiles);
    used.m.bytes = winograd_output_bytes(out.channels, tiles);
    assert(used.v.bytes <= scratch.v.bytes && used.m.bytes <= scratch.m.bytes);
    body(Slab{first, tiles, padded_tiles(tiles)}, used);
  }
}

// Of so many of the picture's tiles.
double tile_flops(const ConvolutionWeights& weights, const Shape& picture, int tiles) {
  return convolution_flops(weights.inputs, weights.outputs, picture) * tiles / picture.tiles();
}

// Rows of tiles a direct dispatch may cover.
int direct_band(const Context& context, const Shape& in, const Shape& out) {
  const uint64_t row = std::max(in.row_bytes(), out.row_bytes());
  return band_rows(in.height, row, 2, shared::kTile, binding_limit(context.caps())) / shared::kTile;
}

shared::DirectPush direct_push(const Shape& in, const Shape& out, const RowBinding& from,
                               const RowBinding& to, int mask_origin, int first_row) {
  return {from.origin, to.origin,    mask_origin,       in.height, in.width,
          in.blocks(), out.blocks(), in.tile_columns(), first_row};
}

// Of the columns of a direct convolution (shaders/convolution/direct.glsl): a processor's invocations make four, a GPU's one.
uint32_t column_groups(const Context& context, const Shape& picture) {
  const int columns = picture.tile_columns() * (prefers_texels(context.caps()) ? 1 : shared::kTile);
  return groups_for(columns, lanes(context));
}

struct DirectBand {
  TileRows rows;
  RowBinding from;
  RowBinding to;
};

// Rows of tiles of what is computed, of which `out` has those from `origin` on.
struct DirectRows {
  TileRows rows;
  int origin = 0;
};

RowBinding bind_direct(const Context& context, const Tensor& out, const TileRows& band, int origin) {
  RowBinding bound =
      bind_tiles(context, out, {band.first - origin, band.last - origin}, vulkan::Access::write);
  bound.origin -= static_cast<int>(origin * shared::kTile * out.shape.row_texels());
  return bound;
}

template <typename Body>
void for_each_direct_band(const Context& context, const Tensor& in, const Tensor& out,
                          const DirectRows& written, Body body) {
  const int rows = direct_band(context, in.shape, out.shape);
  for (int first = written.rows.first; first < written.rows.last; first += rows) {
    const TileRows band{first, std::min(first + rows, written.rows.last)};
    const int top = std::max(first * shared::kTile - 1, 0);
    const int bottom = std::min(band.last * shared::kTile + 1, in.shape.height);
    body(DirectBand{band,
                    bind_rows(in, top, bottom, context.caps().storage_alignment, vulkan::Access::read,
                              tensor_kind(context)),
                    bind_direct(context, out, band, written.origin)});
  }
}

DirectRows all_rows(const Tensor& in) {
  return {{0, in.shape.tile_rows()}, 0};
}

void direct_forward(Context& context, const ConvolutionWeights& weights, const Tensor& in, const Tensor& out,
                    const DirectRows& written, const vulkan::Region& mask, Padding padding) {
  assert(weights.inputs <= 3);
  // A processor fetches its pixels once for all blocks; a GPU has more to do at a time with an invocation for each.
  const uint32_t at_once = prefers_texels(context.caps()) ? 1 : uint32_t(out.shape.blocks());
  for_each_direct_band(context, in, out, written, [&](const DirectBand& band) {
    const RowBinding bits =
        bind_mask(context, out.shape, band.rows, mask, weights.bias, vulkan::Access::write);
    dispatch(context, "convolution/direct_forward", "direct convolution",
             {lanes(context), mask.bytes != 0, padding == Padding::replicate},
             {band.from.binding, fetches(context, weights.direct_forward), band.to.binding, bits.binding},
             direct_push(in.shape, out.shape, band.from, band.to, bits.origin, band.rows.first),
             {column_groups(context, in.shape), at_once, uint32_t(band.rows.count())},
             {tile_flops(weights, in.shape, band.rows.count() * in.shape.tile_columns()), 0});
  });
}

void replicate_border(Context& context, const ConvolutionWeights& weights, const Shape& from, const Shape& to,
                      const DirectBand& band) {
  const uint32_t width = lanes(context);
  vulkan::Binding updated = band.to.binding;
  updated.access = vulkan::Access::read_write;
  dispatch(context, "convolution/replicate_border", "direct convolution", {width},
           {band.from.binding, fetches(context, weights.direct_backward), updated},
           direct_push(from, to, band.from, band.to, 0, band.rows.first),
           {groups_for(to.width, width), uint32_t(band.rows.count()) * shared::kTile, uint32_t(to.blocks())},
           {36.0 * from.channels * to.channels * (to.width + to.height), 0});
}

void direct_backward(Context& context, const ConvolutionWeights& weights, const Tensor& out_gradient,
                     const Tensor& in_gradient, Padding padding) {
  for_each_direct_band(
      context, out_gradient, in_gradient, all_rows(out_gradient), [&](const DirectBand& band) {
        dispatch(
            context, "convolution/direct_backward", "direct convolution", {lanes(context)},
            {band.from.binding, fetches(context, weights.direct_backward), band.to.binding},
            direct_push(out_gradient.shape, in_gradient.shape, band.from, band.to, 0, band.rows.first),
            {column_groups(context, in_gradient.shape), uint32_t(in_gradient.shape.blocks()),
             uint32_t(band.rows.count())},
            {tile_flops(weights, in_gradient.shape, band.rows.count() * in_gradient.shape.tile_columns()),
             0});
        if (padding == Padding::replicate)
          replicate_border(context, weights, out_gradient.shape, in_gradient.shape, band);
      });
}

// store(slab, m, padded) records what becomes of a slab's products, of so many channels with those that pad.
template <typename Store>
void winograd_forward(Context& context, const ConvolutionWeights& weights, const Tensor& in, Padding padding,
                      const WinogradScratch& scratch, Store store) {
  const int padded = padded_channels(weights.outputs);
  const Shape out{weights.outputs, in.shape.height, in.shape.width};
  for_each_slab(context, in.shape, out, scratch, [&](const Slab& slab, const WinogradScratch& used) {
    record_input(context, in, in.shape, slab, used.v, {.replicate = padding == Padding::replicate});
    record_products(context, weights, slab,
                    {in.shape.blocks(), padded, false, tile_flops(weights, in.shape, slab.tiles)}, used);
    store(slab, used.m, padded);
  });
}

void record_pooled_output(Context& context, const PooledMap& out, const vulkan::Region& bias,
                          const Slab& slab, const vulkan::Region& m, int padded) {
  const Shape &map = out.map, &pooled = out.pooled.shape;
  const PooledRows bound = bind_pooled(context, out, rows_of(slab, map), vulkan::Access::write,
                                       vulkan::BindingKind::storage, bias);
  const shared::WinogradPooledOutputPush push{
      bound.pooled.origin, bound.mask.origin, bound.choices.origin, map.height, map.width,  pooled.height,
      pooled.width,        map.blocks(),      map.tile_columns(),   slab.first, slab.tiles, slab.pitch,
      padded / 4};
  const uint32_t width = lanes(context);
  dispatch(
      context, variant(context, "convolution/winograd_output_pooled"), "winograd output",
      {width, out.mask.bytes != 0, out.kind == PoolingKind::max},
      {fetches(context, m), bound.pooled.binding, reads(bias), bound.mask.binding, bound.choices.binding},
      push, {groups_for(slab.tiles, width), uint32_t(map.blocks()), 1}, {0, double(m.bytes)});
}

// What becomes of a data gradient; margin: pixels that the tensor written has on each side around the one read.
struct Writing {
  int margin = 0;
  vulkan::Region mask;
  bool accumulate = false;
};

// transform(grid, slab, v) records how a slab of the output's gradient is read.
template <typename Transform>
void winograd_backward(Context& context, const ConvolutionWeights& weights, Transform transform,
                       const Tensor& to, const Writing& writing, const WinogradScratch& scratch) {
  const int padded = padded_channels(weights.inputs);
  const uint32_t width = lanes(context);
  const Shape grid{weights.outputs, to.shape.height, to.shape.width};
  for_each_slab(context, grid, to.shape, scratch, [&](const Slab& slab, const WinogradScratch& used) {
    transform(grid, slab, used.v);
    record_products(context, weights, slab,
                    {grid.blocks(), padded, true, tile_flops(weights, to.shape, slab.tiles)}, used);
    const TileRows rows = rows_of(slab, to.shape);
    const RowBinding written = bind_tiles(context, to, rows, vulkan::Access::read_write);
    const RowBinding bits =
        bind_mask(context, to.shape, rows, writing.mask, weights.bias, vulkan::Access::read);
    dispatch(context, variant(context, "convolution/winograd_output_backward"), "winograd output",
             {width, writing.mask.bytes != 0, writing.accumulate},
             {fetches(context, used.m), written.binding, bits.binding},
             output_push(to.shape, slab, written.origin, bits.origin, padded),
             {groups_for(slab.tiles, width), uint32_t(to.shape.blocks()), 1}, {0, double(used.m.bytes)});
  });
}

// to (+)= mask ⊙ (from, what lies in its margin of a pixel added to the edge that it is a copy of).
void fold_padding(Context& context, const Tensor& from, const Tensor& to, const vulkan::Region& mask,
                  bool accumulate, const vulkan::Region& instead_of_mask) {
  const Shape& shape = to.shape;
  const uint32_t width = lanes(context);
  const int rows =
      band_rows(shape.height, from.shape.row_bytes(), 2, shared::kTile, binding_limit(context.caps())) /
      shared::kTile;
  for (int first = 0; first < shape.tile_rows(); first += rows) {
    const TileRows band{first, std::min(first + rows, shape.tile_rows())};
    const int top = first * shared::kTile;
    const int bottom = std::min(band.last * shared::kTile, shape.height) + 2;
    const RowBinding read = bind_rows(from, top, bottom, context.caps().storage_alignment,
                                      vulkan::Access::read, tensor_kind(context));
    const RowBinding written = bind_tiles(context, to, band, vulkan::Access::read_write);
    const RowBinding bits = bind_mask(context, shape, band, mask, instead_of_mask, vulkan::Access::read);
    dispatch(context, "convolution/fold_padding", "winograd output", {width, mask.bytes != 0, accumulate},
             {read.binding, written.binding, bits.binding},
             direct_push(shape, shape, read, written, bits.origin, first),
             {groups_for(shape.tile_columns(), width), uint32_t(shape.blocks()), uint32_t(band.count())},
             {0, double(read.binding.region.bytes + written.binding.region.bytes)});
  }
}

// compute(to, writing) records a data gradient of what the layer's input is padded to.
template <typename Compute>
void backward_with_padding(Context& context, const ConvolutionWeights& weights, Compute compute,
                           const Tensor& in_gradient, const Writing& writing, const BackwardScratch& scratch,
                           Padding padding) {
  if (padding == Padding::zeros) return compute(in_gradient, writing);
  const Tensor with_padding{padded(in_gradient.shape), scratch.with_padding};
  compute(with_padding, {1, {}, false});
  fold_padding(context, with_padding, in_gradient, writing.mask, writing.accumulate, weights.bias);
}

}  // namespace

uint64_t winograd_input_bytes(int channels, int tiles) {
  const auto rows = uint64_t(v_rows((channels + 3) / 4));
  return kPoints * rows * padded_tiles(tiles) * 16;
}

uint64_t winograd_output_bytes(int channels, int tiles) {
  return winograd_input_bytes(padded_channels(channels), tiles);
}

int slab_tiles(int tiles, int inputs, int outputs, uint64_t v_bytes, uint64_t m_bytes) {
  const uint64_t room = std::min(v_bytes / winograd_input_bytes(inputs, kSlabMultiple),
                                 m_bytes / winograd_output_bytes(outputs, kSlabMultiple));
  const int multiples = padded_tiles(tiles) / kSlabMultiple;
  const int most = static_cast<int>(std::clamp<uint64_t>(room, 1, uint64_t(multiples)));
  const int slabs = (multiples + most - 1) / most;
  return (multiples + slabs - 1) / slabs * kSlabMultiple;
}

double convolution_flops(int inputs, int outputs, Shape picture) {
  return 18.0 * inputs * outputs * double(picture.pixels());
}

bool fuses_pooling(const vulkan::Caps& caps, const ConvolutionWeights& weights) {
  if (weights.direct()) return false;
  return caps.max_storage_buffers >=
         (weights.matrix() ? 6u : 5u);  // of matrix_forward_pooled, winograd_output_pooled
}

void convolution_forward(Context& context, const ConvolutionWeights& weights, const Tensor& in,
                         const Tensor& out, const vulkan::Region& mask, const WinogradScratch& scratch,
                         Padding padding) {
  assert(in.shape.channels == weights.inputs && out.shape.channels == weights.outputs);
  if (weights.direct()) return direct_forward(context, weights, in, out, all_rows(in), mask, padding);
  if (weights.matrix()) return matrix_forward(context, weights, in, out, mask, padding);
  const auto store = [&](const Slab& slab, const vulkan::Region& m, int padded) {
    const TileRows rows = rows_of(slab, out.shape);
    const RowBinding to = bind_tiles(context, out, rows, vulkan::Access::write);
    const RowBinding bits = bind_mask(context, out.shape, rows, mask, weights.bias, vulkan::Access::write);
    const uint32_t width = lanes(context);
    dispatch(context, variant(context, "convolution/winograd_output_forward"), "winograd output",
             {width, mask.bytes != 0}, {fetches(context, m), to.binding, reads(weights.bias), bits.binding},
             output_push(out.shape, slab, to.origin, bits.origin, padded),
             {groups_for(slab.tiles, width), uint32_t(out.shape.blocks()), 1}, {0, double(m.bytes)});
  };
  winograd_forward(context, weights, in, padding, scratch, store);
}

void convolution_forward_rows(Context& context, const ConvolutionWeights& weights, const Tensor& in,
                              int first_row, const Tensor& rows, Padding padding) {
  assert(weights.direct() && rows.shape.channels == weights.outputs && rows.shape.width == in.shape.width);
  assert(first_row % shared::kTile == 0 && first_row + rows.shape.height <= in.shape.height);
  assert(rows.shape.height % shared::kTile == 0 || first_row + rows.shape.height == in.shape.height);
  const TileRows tiles{first_row / shared::kTile, first_row / shared::kTile + rows.shape.tile_rows()};
  direct_forward(context, weights, in, rows, {tiles, tiles.first}, {}, padding);
}

void convolution_forward(Context& context, const ConvolutionWeights& weights, const Tensor& in,
                         const PooledMap& out, const WinogradScratch& scratch, Padding padding) {
  assert(fuses_pooling(context.caps(), weights));
  assert(in.shape.channels == weights.inputs && out.map.channels == weights.outputs);
  if (weights.matrix()) return matrix_forward(context, weights, in, out, padding);
  const auto store = [&](const Slab& slab, const vulkan::Region& m, int padded) {
    record_pooled_output(context, out, weights.bias, slab, m, padded);
  };
  winograd_forward(context, weights, in, padding, scratch, store);
}

void convolution_backward(Context& context, const ConvolutionWeights& weights, const Tensor& out_gradient,
                          const Tensor& in_gradient, const vulkan::Region& mask,
                          const BackwardScratch& scratch, bool accumulate, Padding padding) {
  assert(out_gradient.shape.channels == weights.outputs && in_gradient.shape.channels == weights.inputs);
  if (weights.direct()) {
    assert(mask.bytes == 0 && !accumulate);
    return direct_backward(context, weights, out_gradient, in_gradient, padding);
  }
  const auto compute = [&](const Tensor& to, const Writing& writing) {
    if (weights.matrix())
      return matrix_backward(context, weights, out_gradient, to, writing.margin, writing.mask,
                             writing.accumulate);
    const auto transform = [&](const Shape& grid, const Slab& slab, const vulkan::Region& v) {
      record_input(context, out_gradient, grid, slab, v, {.rotated = true, .margin = writing.margin});
    };
    winograd_backward(context, weights, transform, to, writing, scratch.slab);
  };
  backward_with_padding(context, weights, compute, in_gradient, {0, mask, accumulate}, scratch, padding);
}

void convolution_backward(Context& context, const ConvolutionWeights& weights, const PooledMap& out_gradient,
                          const Tensor& in_gradient, const vulkan::Region& mask,
                          const BackwardScratch& scratch, bool accumulate, Padding padding) {
  assert(fuses_pooling(context.caps(), weights));
  assert(out_gradient.map.channels == weights.outputs && in_gradient.shape.channels == weights.inputs);
  const auto compute = [&](const Tensor& to, const Writing& writing) {
    if (weights.matrix())
      return matrix_backward(context, weights, out_gradient, to, writing.margin, writing.mask,
                             writing.accumulate);
    const auto transform = [&](const Shape& grid, const Slab& slab, const vulkan::Region& v) {
      record_pooled_input(context, out_gradient, grid, slab, v, writing.margin, weights.bias);
    };
    winograd_backward(context, weights, transform, to, writing, scratch.slab);
  };
  backward_with_padding(context, weights, compute, in_gradient, {0, mask, accumulate}, scratch, padding);
}

}  // namespace impasto::kernels
