// Records the content loss over spans of texels.
#include "kernels/content.h"

#include "kernels/spans.h"
#include "loss/push.h"

#include <cassert>

namespace impasto::kernels {
namespace {

using shared::kContentTexels;
using shared::kGradientTexels;
using shared::kLossGroup;

constexpr uint64_t kTexelBytes = 16;

int64_t texels(const Shape& shape) {
  return shape.row_texels() * shape.height;
}

vulkan::Region part(const Tensor& tensor, const Span& span) {
  return tensor.region.part(uint64_t(span.first) * kTexelBytes, uint64_t(span.count) * kTexelBytes);
}

}  // namespace

int content_partials(const Shape& shape) {
  return static_cast<int>(groups_for(texels(shape), kContentTexels));
}

void content_loss(Context& context, const Tensor& features, const Tensor& wanted, const vulkan::Region& term,
                  int first_partial) {
  assert(features.shape == wanted.shape &&
         term.bytes >= term_bytes(first_partial + content_partials(features.shape)));
  for (const Span& span : spans(context.caps(), texels(features.shape), {kTexelBytes, kContentTexels})) {
    const shared::ContentPush push{static_cast<int>(span.count),
                                   first_partial + static_cast<int>(span.first / kContentTexels)};
    dispatch(context, "loss/content_loss", "loss", {kLossGroup},
             {fetches(context, part(features, span)), fetches(context, part(wanted, span)), updates(term)},
             push, {groups_for(span.count, kContentTexels), 1, 1}, {0, double(span.count) * 2 * kTexelBytes});
  }
}

void content_gradient(Context& context, const Tensor& features, const Tensor& wanted,
                      const vulkan::Region& term, const Tensor& gradient, bool accumulate) {
  assert(features.shape == wanted.shape && features.shape == gradient.shape);
  for (const Span& span : spans(context.caps(), texels(features.shape), {kTexelBytes, kGradientTexels})) {
    const vulkan::Region target = part(gradient, span);
    dispatch(context, "loss/content_gradient", "loss", {kLossGroup, accumulate},
             {fetches(context, part(features, span)), fetches(context, part(wanted, span)), reads(term),
              accumulate ? updates(target) : writes(target)},
             shared::ContentPush{static_cast<int>(span.count), 0},
             {groups_for(span.count, kGradientTexels), 1, 1}, {0, double(span.count) * 3 * kTexelBytes});
  }
}

}  // namespace impasto::kernels
