// Cuts flat arrays into spans.
#include "kernels/spans.h"

#include "impasto/error.h"
#include "kernels/library.h"

#include <algorithm>
#include <cassert>

namespace impasto::kernels {

std::vector<Span> spans(const vulkan::Caps& caps, int64_t elements, const SpanNeeds& needs) {
  assert(elements > 0);
  assert(needs.halo > 0 || uint64_t(needs.per_group) * needs.element_bytes % caps.storage_alignment == 0);
  const uint64_t limit = binding_limit(caps);
  const uint64_t lost = needs.halo > 0 ? caps.storage_alignment : 0;  // to the alignment of the offset
  const int64_t fitting = limit > lost ? int64_t((limit - lost) / needs.element_bytes) - 2 * needs.halo : 0;
  const int64_t groups = std::min<int64_t>(fitting / needs.per_group, caps.max_groups);
  if (groups < 1)
    throw Error(ErrorKind::budget,
                "a row of the picture is larger than this device can bind; use a smaller size");
  const int64_t length = groups * needs.per_group;
  std::vector<Span> result;
  for (int64_t first = 0; first < elements; first += length)
    result.push_back({first, std::min(length, elements - first)});
  return result;
}

}  // namespace impasto::kernels
