// Spans of a flat array, for operations that treat a tensor or a picture as one vector.
#pragma once

#include "vulkan/caps.h"

#include <cstdint>
#include <vector>

namespace impasto::kernels {

struct Span {
  int64_t first = 0;  // element, a multiple of a workgroup's share
  int64_t count = 0;
};

// What one workgroup covers and what a binding of it needs; `halo` elements before and after a span are bound
// too.
struct SpanNeeds {
  uint64_t element_bytes = 4;
  int64_t per_group = 1;
  int64_t halo = 0;
};

// Cuts [0, elements) so that each span fits one binding and one dispatch. Without a halo the byte offset of a
// span is aligned wherever the array is. Throws Error(budget) when not even one workgroup fits.
std::vector<Span> spans(const vulkan::Caps& caps, int64_t elements, const SpanNeeds& needs);

}  // namespace impasto::kernels
