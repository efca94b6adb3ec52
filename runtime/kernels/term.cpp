// Records what all loss terms share.
#include "kernels/term.h"

#include "kernels/spans.h"
#include "loss/push.h"

#include <cassert>

namespace impasto::kernels {

using shared::kLossGroup;
using shared::kNormFloats;

uint64_t term_bytes(int partials) {
  assert(partials > 0);
  return shared::kTermHeader + uint64_t(partials) * sizeof(float);
}

void term_value(Context& context, const vulkan::Region& term, int partials, const vulkan::Region& totals,
                int index) {
  assert(term.bytes >= term_bytes(partials) && totals.bytes >= (uint64_t(index) + 1) * sizeof(float));
  constexpr uint32_t kGroup = 128;
  dispatch(context, "loss/term_value", "loss", {kGroup}, {reads(term), writes(totals)},
           shared::TermValuePush{partials, index}, {1, 1, 1}, {0, double(partials) * sizeof(float)});
}

int squared_norm_partials(int64_t n) {
  return static_cast<int>(groups_for(n, kNormFloats));
}

void squared_norm(Context& context, const vulkan::Region& vector, int64_t n, const vulkan::Region& term) {
  assert(vector.bytes >= uint64_t(n) * sizeof(float) && term.bytes >= term_bytes(squared_norm_partials(n)));
  for (const Span& span : spans(context.caps(), n, {sizeof(float), kNormFloats})) {
    const vulkan::Region part =
        vector.part(uint64_t(span.first) * sizeof(float), uint64_t(span.count) * sizeof(float));
    const shared::NormPush push{static_cast<int>(span.count), static_cast<int>(span.first / kNormFloats)};
    dispatch(context, "loss/squared_norm", "loss", {kLossGroup}, {reads(part), updates(term)}, push,
             {groups_for(span.count, kNormFloats), 1, 1}, {0, double(part.bytes)});
  }
}

}  // namespace impasto::kernels
