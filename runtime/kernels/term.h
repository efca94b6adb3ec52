// What all loss terms share: a block of device memory each, whose first float is the term's weight.
//
// Block: float weight; float reserved[3]; float partials[]. The host writes the weight, at any time between
// iterations; the kernels write the partial sums. A term's value is weight · Σ partials, summed in a fixed
// order.
#pragma once

#include "kernels/library.h"

#include <cstdint>

namespace impasto::kernels {

uint64_t term_bytes(int partials);

// totals[index] = weight · Σ partials; totals are floats.
void term_value(Context& context, const vulkan::Region& term, int partials, const vulkan::Region& totals,
                int index);

// Σ v² of a flat vector of n floats, as the partial sums of a term.
int squared_norm_partials(int64_t n);
void squared_norm(Context& context, const vulkan::Region& vector, int64_t n, const vulkan::Region& term);

}  // namespace impasto::kernels
