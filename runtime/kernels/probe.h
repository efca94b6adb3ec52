// Multiply-adds in registers: the ceiling that every product is measured against.
#pragma once

#include "kernels/library.h"
#include "probe/push.h"

namespace impasto::kernels {

// What multiplies: every invocation for itself in fp32, or cooperative matrices, fp16 summed in fp32, where has_matrix_convolution() says
// that there are.
enum class ProbeKind { vectors, matrices };

// Bytes of the result, floats.
uint64_t probe_bytes(const vulkan::Caps& caps, ProbeKind kind);

// Floating-point operations of one probe, multiplications and additions counted apart.
double probe_flops(const vulkan::Caps& caps, ProbeKind kind, int steps);

// Runs push.steps steps in every invocation or subgroup (shaders/probe); of vectors, |push.factor| < 1 keeps the sums finite.
void probe(Context& context, ProbeKind kind, const shared::ProbePush& push, const vulkan::Region& sums);

}  // namespace impasto::kernels
