// Records the total variation over spans of pixels, each bound with the rows of its neighbours.
#include "kernels/total_variation.h"

#include "kernels/spans.h"
#include "kernels/tensor.h"
#include "loss/push.h"

#include <algorithm>
#include <cassert>

namespace impasto::kernels {
namespace {

using shared::kLossGroup;
using shared::kVariationPixels;

constexpr uint64_t kPixelBytes = 12;

// The shader knows the kinds by number.
static_assert(int(TvKind::l1) == 1 && int(TvKind::squared) == 2 && int(TvKind::squared_block) == 3 &&
              int(TvKind::power_block) == 4);

RowBinding bind_pixels(const Context& context, const vulkan::Region& image, int64_t first, int64_t last,
                       vulkan::Access access) {
  return bind_rows(image, kPixelBytes, sizeof(float), static_cast<int>(first), static_cast<int>(last),
                   context.caps().storage_alignment, access);
}

}  // namespace

int tv_partials(int height, int width) {
  return static_cast<int>(groups_for(int64_t{height} * width, kVariationPixels));
}

void total_variation(Context& context, const vulkan::Region& image, int height, int width,
                     const TvSettings& settings, const vulkan::Region& term,
                     const vulkan::Region& image_gradient) {
  assert(settings.kind != TvKind::none && term.bytes >= term_bytes(tv_partials(height, width)));
  const int64_t pixels = int64_t{height} * width;
  for (const Span& span : spans(context.caps(), pixels, {kPixelBytes, kVariationPixels, width})) {
    const int64_t last = span.first + span.count;
    const RowBinding source = bind_pixels(context, image, std::max<int64_t>(span.first - width, 0),
                                          std::min(last + width, pixels), vulkan::Access::read);
    const RowBinding target = bind_pixels(context, image_gradient, span.first, last, vulkan::Access::write);
    const shared::VariationPush push{static_cast<int>(span.count),
                                     static_cast<int>(span.first),
                                     height,
                                     width,
                                     source.origin,
                                     target.origin,
                                     settings.scale,
                                     settings.exponent};
    dispatch(context, "loss/total_variation", "loss", {kLossGroup, static_cast<uint32_t>(settings.kind)},
             {source.binding, updates(term), target.binding}, push,
             {groups_for(span.count, kVariationPixels), 1, 1}, {0, double(span.count) * 2 * kPixelBytes});
  }
}

}  // namespace impasto::kernels
