// Records the temporal loss over spans of pixels.
#include "kernels/temporal.h"

#include "kernels/spans.h"
#include "loss/push.h"

#include <cassert>

namespace impasto::kernels {
namespace {

using shared::kLossGroup;
using shared::kVariationPixels;

constexpr uint64_t kPixelBytes = 12;
constexpr uint64_t kGuideBytes = 16;

vulkan::Region part(const vulkan::Region& region, const Span& span, uint64_t element_bytes) {
  return region.part(uint64_t(span.first) * element_bytes, uint64_t(span.count) * element_bytes);
}

}  // namespace

int temporal_partials(int height, int width) {
  return static_cast<int>(groups_for(int64_t{height} * width, kVariationPixels));
}

uint64_t guide_bytes(int height, int width) {
  return uint64_t(height) * uint64_t(width) * kGuideBytes;
}

void temporal(Context& context, const vulkan::Region& image, const vulkan::Region& guide, int height,
              int width, float scale, const vulkan::Region& term, const vulkan::Region& image_gradient) {
  assert(term.bytes >= term_bytes(temporal_partials(height, width)) &&
         guide.bytes == guide_bytes(height, width));
  for (const Span& span : spans(context.caps(), int64_t{height} * width, {kGuideBytes, kVariationPixels})) {
    const shared::TemporalPush push{static_cast<int>(span.count),
                                    static_cast<int>(span.first / kVariationPixels), scale};
    dispatch(context, "loss/temporal", "loss", {kLossGroup},
             {reads(part(image, span, kPixelBytes)), reads(part(guide, span, kGuideBytes)), updates(term),
              updates(part(image_gradient, span, kPixelBytes))},
             push, {groups_for(span.count, kVariationPixels), 1, 1},
             {0, double(span.count) * double(3 * kPixelBytes + kGuideBytes)});
  }
}

}  // namespace impasto::kernels
