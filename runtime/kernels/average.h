// The two kernels of an exponential average of a flat vector.
#pragma once

#include "kernels/library.h"

#include <cstdint>

namespace impasto::kernels {

// sum: one float, s ← 1 + decay·s.
void average_advance(Context& context, float decay, const vulkan::Region& sum);

// average ← average + (variable − average) / s; both `elements` floats.
void average(Context& context, int64_t elements, const vulkan::Region& variable,
             const vulkan::Region& average, const vulkan::Region& sum);

}  // namespace impasto::kernels
