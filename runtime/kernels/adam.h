// The three kernels of an Adam step over a flat vector that is cut into pieces.
#pragma once

#include "kernels/library.h"
#include "optimizer/push.h"

namespace impasto::kernels {

// Flags that adam_check writes for a piece: one a workgroup.
int adam_flags(int64_t elements);

// Bytes of the control buffer: the AdamState, and behind it the flags of all pieces.
uint64_t adam_control_bytes(int flags);

// Flags first_flag … of the control buffer: whether this piece of the gradient is finite.
void adam_check(Context& context, const vulkan::Region& gradient, int64_t elements, int first_flag,
                const vulkan::Region& control);

// Counts the step unless a flag is up. parameters: the learning rate, one float.
void adam_advance(Context& context, const shared::AdamAdvance& push, bool epsilon_hat,
                  const vulkan::Region& control, const vulkan::Region& parameters);

// Moves a piece of the variable, push.elements floats; moments: as many pairs of floats.
void adam_step(Context& context, const shared::AdamStep& push, bool clamp, const vulkan::Region& variable,
               const vulkan::Region& gradient, const vulkan::Region& moments, const vulkan::Region& control);

}  // namespace impasto::kernels
