// Records the way from a window of the picture into the network and back, over bands of rows.
#include "kernels/preprocess.h"

#include "image/push.h"

#include <algorithm>
#include <cassert>

namespace impasto::kernels {
namespace {

constexpr uint32_t kGroup = 64;
constexpr int kPixelFloats = 3;
constexpr uint64_t kPixelBytes = 12;

struct Band {
  RowBinding tensor;
  RowBinding picture;
  shared::PreprocessPush push;
  std::array<uint32_t, 3> groups;
  Cost cost;
};

// The origin at row `first`; offsets of whole pictures do not fit an int, but differ from it by what wraps around.
int origin_at(const RowBinding& binding, int first, int64_t row_elements) {
  return static_cast<int>(int64_t{binding.origin} + first * row_elements);
}

// Calls operation(band) for every band of rows that fits a binding on either side.
template <typename Operation>
void for_each_band(const Context& context, const Tensor& tensor, const PictureWindow& window,
                   const Preprocess& settings, vulkan::BindingKind kind, Operation operation) {
  const Shape& shape = tensor.shape;
  assert(shape.channels == 3 && window.left + shape.width <= window.width);
  const uint64_t alignment = context.caps().storage_alignment;
  const uint64_t picture_row = uint64_t(window.width) * kPixelBytes;
  const uint64_t row = std::max(picture_row, shape.row_bytes());
  const int rows = std::min(band_rows(shape.height, row, 0, 1, binding_limit(context.caps())),
                            static_cast<int>(context.caps().max_groups));
  for (int first = 0; first < shape.height; first += rows) {
    const int last = std::min(first + rows, shape.height);
    Band band{bind_rows(tensor, first, last, alignment, vulkan::Access::read, kind),
              bind_rows(window.picture, picture_row, sizeof(float), window.top + first, window.top + last,
                        alignment, vulkan::Access::read),
              {},
              {groups_for(shape.width, kGroup), uint32_t(last - first), 1},
              {0, double(last - first) * shape.width * double(kPixelBytes + texel_bytes(shape.element))}};
    band.push.width = shape.width;
    band.push.origin = origin_at(band.tensor, first, shape.width);
    band.push.image_row = window.width * kPixelFloats;
    band.push.image_origin =
        origin_at(band.picture, window.top + first, band.push.image_row) + window.left * kPixelFloats;
    std::copy(settings.scale.begin(), settings.scale.end(), band.push.scale);
    std::copy(settings.mean.begin(), settings.mean.end(), band.push.mean);
    operation(band);
  }
}

}  // namespace

void preprocess(Context& context, const PictureWindow& window, const Tensor& out,
                const Preprocess& settings) {
  for_each_band(context, out, window, settings, vulkan::BindingKind::storage, [&](Band& band) {
    band.tensor.binding.access = vulkan::Access::write;
    dispatch(context, "image/preprocess", "preprocess", {kGroup, settings.bgr},
             {band.picture.binding, band.tensor.binding}, band.push, band.groups, band.cost);
  });
}

void preprocess_gradient(Context& context, const Tensor& gradient, const PictureWindow& window,
                         const Preprocess& settings, bool accumulate, const vulkan::Region& factor) {
  for_each_band(context, gradient, window, settings, tensor_kind(context), [&](Band& band) {
    band.picture.binding.access = vulkan::Access::read_write;
    dispatch(context, "image/preprocess_gradient", "preprocess", {kGroup, settings.bgr, accumulate},
             {band.tensor.binding, band.picture.binding, reads(factor)}, band.push, band.groups, band.cost);
  });
}

}  // namespace impasto::kernels
