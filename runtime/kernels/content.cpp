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

int64_t texels(const Shape& shape) {
  return shape.row_texels() * shape.height;
}

// The texels of a span, read as tensors are or written.
vulkan::Binding part(const Tensor& tensor, const Span& span, vulkan::Access access,
                     vulkan::BindingKind kind) {
  const uint64_t texel = texel_bytes(tensor.shape.element);
  return {tensor.region.part(uint64_t(span.first) * texel, uint64_t(span.count) * texel), access, kind,
          tensor.shape.element};
}

}  // namespace

int content_partials(const Shape& shape) {
  return static_cast<int>(groups_for(texels(shape), kContentTexels));
}

void content_loss(Context& context, const Tensor& features, const Tensor& wanted, const vulkan::Region& term,
                  int first_partial) {
  assert(features.shape == wanted.shape &&
         term.bytes >= term_bytes(first_partial + content_partials(features.shape)));
  const uint64_t texel = texel_bytes(features.shape.element);
  const auto in = [&](const Tensor& tensor, const Span& span) {
    return part(tensor, span, vulkan::Access::read, tensor_kind(context));
  };
  for (const Span& span : spans(context.caps(), texels(features.shape), {texel, kContentTexels})) {
    const shared::ContentPush push{static_cast<int>(span.count),
                                   first_partial + static_cast<int>(span.first / kContentTexels)};
    dispatch(context, "loss/content_loss", "loss", {kLossGroup},
             {in(features, span), in(wanted, span), updates(term)}, push,
             {groups_for(span.count, kContentTexels), 1, 1}, {0, double(span.count) * 2 * double(texel)});
  }
}

void content_gradient(Context& context, const Tensor& features, const Tensor& wanted,
                      const vulkan::Region& term, const Tensor& gradient, bool accumulate) {
  assert(features.shape == wanted.shape && features.shape == gradient.shape);
  const uint64_t texel = texel_bytes(features.shape.element);
  const auto in = [&](const Tensor& tensor, const Span& span) {
    return part(tensor, span, vulkan::Access::read, tensor_kind(context));
  };
  const vulkan::Access access = accumulate ? vulkan::Access::read_write : vulkan::Access::write;
  for (const Span& span : spans(context.caps(), texels(features.shape), {texel, kGradientTexels})) {
    dispatch(context, "loss/content_gradient", "loss", {kLossGroup, accumulate},
             {in(features, span), in(wanted, span), reads(term),
              part(gradient, span, access, vulkan::BindingKind::storage)},
             shared::ContentPush{static_cast<int>(span.count), 0},
             {groups_for(span.count, kGradientTexels), 1, 1}, {0, double(span.count) * 3 * double(texel)});
  }
}

}  // namespace impasto::kernels
