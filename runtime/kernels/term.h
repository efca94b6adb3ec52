// What all loss terms share: a block of device memory each, that begins with the term's weights.
//
// Block: float weight; float gradient_weight; float reserved[2]; float partials[]. The host writes the weights, at any time between
// iterations; the kernels write the partial sums. A term's value is weight · Σ partials, summed in a fixed
// order. Its gradient is computed with gradient_weight, which is a multiple of the weight where gradients are stored in fp16.
#pragma once

#include "kernels/library.h"

#include <cstdint>

namespace impasto::kernels {

struct TermWeights {
  float value = 1;
  float gradient = 1;
};

uint64_t term_bytes(int partials);

// totals[index] = weight · Σ partials; totals are floats.
void term_value(Context& context, const vulkan::Region& term, int partials, const vulkan::Region& totals,
                int index);

// Σ v² of a flat vector of n floats, as the partial sums of a term.
int squared_norm_partials(int64_t n);
void squared_norm(Context& context, const vulkan::Region& vector, int64_t n, const vulkan::Region& term);

}  // namespace impasto::kernels
