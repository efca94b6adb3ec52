// Multiply-adds in registers: the ceiling that every product is measured against.
#pragma once

#include "kernels/library.h"
#include "probe/push.h"

namespace impasto::kernels {

// Bytes of the result: a float an invocation.
uint64_t probe_bytes(const vulkan::Caps& caps);

// Floating-point operations of one probe, multiplications and additions counted apart.
double probe_flops(const vulkan::Caps& caps, int steps);

// Runs push.steps steps in every invocation (shaders/probe/multiply_add.comp); |push.factor| < 1 keeps the sums finite.
void probe(Context& context, const shared::ProbePush& push, const vulkan::Region& sums);

}  // namespace impasto::kernels
