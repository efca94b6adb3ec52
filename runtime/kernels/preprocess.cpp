// Records the preprocessing shaders over spans of pixels.
#include "kernels/preprocess.h"

#include "image/push.h"
#include "kernels/spans.h"

#include <algorithm>
#include <cassert>

namespace impasto::kernels {
namespace {

constexpr uint32_t kGroup = 64;
constexpr uint64_t kPixelBytes = 12;
constexpr uint64_t kTexelBytes = 16;

shared::PreprocessPush push_of(const Span& span, const Preprocess& settings) {
  shared::PreprocessPush push{static_cast<int>(span.count), {}, {}};
  std::copy(settings.scale.begin(), settings.scale.end(), push.scale);
  std::copy(settings.mean.begin(), settings.mean.end(), push.mean);
  return push;
}

vulkan::Region part(const vulkan::Region& region, const Span& span, uint64_t element_bytes) {
  return region.part(uint64_t(span.first) * element_bytes, uint64_t(span.count) * element_bytes);
}

// Calls operation(span, cost) for every span of the pixels.
template <typename Operation>
void for_each_span(const Context& context, const Tensor& tensor, [[maybe_unused]] const vulkan::Region& image,
                   Operation operation) {
  assert(tensor.shape.channels == 3 && image.bytes >= uint64_t(tensor.shape.pixels()) * kPixelBytes);
  for (const Span& span : spans(context.caps(), tensor.shape.pixels(), {kTexelBytes, kGroup}))
    operation(span, Cost{0, double(span.count) * double(kPixelBytes + kTexelBytes)});
}

}  // namespace

void preprocess(Context& context, const vulkan::Region& image, const Tensor& out,
                const Preprocess& settings) {
  for_each_span(context, out, image, [&](const Span& span, Cost cost) {
    dispatch(context, "image/preprocess", "preprocess", {kGroup, settings.bgr},
             {reads(part(image, span, kPixelBytes)), writes(part(out.region, span, kTexelBytes))},
             push_of(span, settings), {groups_for(span.count, kGroup), 1, 1}, cost);
  });
}

void preprocess_gradient(Context& context, const Tensor& gradient, const vulkan::Region& image_gradient,
                         const Preprocess& settings, bool accumulate) {
  for_each_span(context, gradient, image_gradient, [&](const Span& span, Cost cost) {
    const vulkan::Region target = part(image_gradient, span, kPixelBytes);
    dispatch(context, "image/preprocess_gradient", "preprocess", {kGroup, settings.bgr, accumulate},
             {fetches(context, part(gradient.region, span, kTexelBytes)),
              accumulate ? updates(target) : writes(target)},
             push_of(span, settings), {groups_for(span.count, kGroup), 1, 1}, cost);
  });
}

}  // namespace impasto::kernels
