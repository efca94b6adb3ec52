// What an iteration tells the host: a ring of slots on the device, read some iterations later.
#pragma once

#include "kernels/library.h"

#include <cstdint>

namespace impasto::kernels {

// slots × (count floats, then the iteration's number as a uint).
uint64_t report_bytes(int count, int slots);

// Copies totals[0 … count) to the slot (iteration mod slots) of the ring, and adds one to the iteration
// counter, the first uint of the state.
void report(Context& context, const vulkan::Region& totals, int count, const vulkan::Region& state,
            const vulkan::Region& ring, int slots);

}  // namespace impasto::kernels
