// Records convolutions by cooperative matrices, band by band.
#include "kernels/matrix_convolution.h"

#include "convolution/push.h"

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
constexpr const char* kBackward = "convolution/matrix_backward";
constexpr const char* kKind = "matrix convolution";

constexpr uint32_t kSharedBytes =
    10 * 18 * 48 + 32 * 128 * 4;  // of matrix.glsl: the staged pixels and the results
constexpr uint32_t kMostSubgroups = 8;
constexpr uint32_t kIntel = 0x8086;

// Output channels in groups of 32, which a workgroup has one, two or four of.
uint32_t row_groups(int rows) {
  return rows % 128 == 0 ? 4 : rows % 64 == 0 ? 2 : 1;
}

struct Band {
  int first;  // rows of pixels
  int last;
  RowBinding from;
  RowBinding to;
  shared::MatrixPush push;
  std::array<uint32_t, 3> groups;
  Cost cost;
};

// margin: pixels that `out` has on each side around `in`.
template <typename Body>
void for_each_band(const Context& context, const Tensor& in, const Tensor& out, int margin,
                   vulkan::Access access, Body body) {
  assert(in.shape.element == Element::fp16 && out.shape.height == in.shape.height + 2 * margin &&
         out.shape.width == in.shape.width + 2 * margin);
  const uint64_t alignment = context.caps().storage_alignment;
  const int height = out.shape.height;
  const int rows = matrix_rows(out.shape.channels);
  const int most = band_rows(height, std::max(in.shape.row_bytes(), out.shape.row_bytes()), 2, kPatchRows,
                             binding_limit(context.caps()));
  for (int first = 0; first < height; first += most) {
    const int last = std::min(first + most, height);
    Band band{
        first,
        last,
        bind_rows(in, std::max(first - 1 - margin, 0), std::min(last + 1 - margin, in.shape.height),
                  alignment, vulkan::Access::read),
        bind_rows(out, first, last, alignment, access),
        {},
        {groups_for(out.shape.width, kPatchColumns), uint32_t(rows) / (32 * row_groups(rows)),
         groups_for(last - first, kPatchRows)},
        {convolution_flops(in.shape.channels, out.shape.channels, out.shape) * (last - first) / height, 0}};
    band.push = {band.from.origin,
                 band.to.origin,
                 0,
                 height,
                 out.shape.width,
                 margin,
                 in.shape.blocks(),
                 out.shape.blocks(),
                 out.shape.tile_columns(),
                 first,
                 matrix_slabs(in.shape.channels),
                 rows};
    body(band);
  }
}

RowBinding bind_mask(const Context& context, const Shape& shape, const Band& band, const vulkan::Region& mask,
                     vulkan::Access access) {
  const uint64_t row_bytes = uint64_t(shape.blocks()) * shape.tile_columns() * 8;
  return bind_rows(mask, row_bytes, 8, band.first / shared::kTile,
                   (band.last + shared::kTile - 1) / shared::kTile, context.caps().storage_alignment, access);
}

// more: what the direction's shader has beside the mask, replicate or accumulate.
std::vector<uint32_t> constants(const vulkan::Caps& caps, int rows, bool mask, bool more) {
  const vulkan::MatrixShape& matrix = caps.matrix;
  return {2 * row_groups(rows) * caps.subgroup_size,
          mask,
          more,
          matrix.rows,
          matrix.columns,
          matrix.depth,
          row_groups(rows)};
}

}  // namespace

bool has_matrix_convolution(const vulkan::Caps& caps) {
  // Software has no units for them, and before Xe2 Intel's are slower than its vectors (llama.cpp, issue 12690).
  const bool fast = caps.matrix.exists() && !caps.software() && caps.vendor_id != kIntel;
  return fast && caps.max_storage_buffers >= 5 && caps.max_shared_bytes >= kSharedBytes &&
         caps.max_invocations >= kMostSubgroups * caps.subgroup_size &&
         has_shader(kForward + std::string(".halves"));
}

void matrix_forward(Context& context, const ConvolutionWeights& weights, const Tensor& in, const Tensor& out,
                    const vulkan::Region& mask, Padding padding) {
  for_each_band(context, in, out, 0, vulkan::Access::write, [&](Band& band) {
    RowBinding bits{reads(weights.bias), 0};  // something has to be bound
    if (mask.bytes != 0) bits = bind_mask(context, out.shape, band, mask, vulkan::Access::write);
    band.push.mask_origin = bits.origin;
    dispatch(context, kForward, kKind,
             constants(context.caps(), band.push.weight_rows, mask.bytes != 0, padding == Padding::replicate),
             {band.from.binding, reads(weights.matrix_forward), band.to.binding, reads(weights.bias),
              bits.binding},
             band.push, band.groups, band.cost, context.caps().subgroup_size);
  });
}

void matrix_backward(Context& context, const ConvolutionWeights& weights, const Tensor& out_gradient,
                     const Tensor& in_gradient, int margin, const vulkan::Region& mask, bool accumulate) {
  for_each_band(context, out_gradient, in_gradient, margin, vulkan::Access::read_write, [&](Band& band) {
    RowBinding bits{reads(weights.bias), 0};
    if (mask.bytes != 0) bits = bind_mask(context, in_gradient.shape, band, mask, vulkan::Access::read);
    band.push.mask_origin = bits.origin;
    dispatch(context, kBackward, kKind,
             constants(context.caps(), band.push.weight_rows, mask.bytes != 0, accumulate),
             {band.from.binding, reads(weights.matrix_backward), band.to.binding, bits.binding}, band.push,
             band.groups, band.cost, context.caps().subgroup_size);
  });
}

}  // namespace impasto::kernels
