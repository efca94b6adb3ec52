// Records the probes.
#include "kernels/probe.h"

#include <cassert>

namespace impasto::kernels {
namespace {

constexpr uint32_t kGroups = 4096;  // some for every core of any device
constexpr uint32_t kSubgroups = 4;  // of a workgroup of matrices

// A driver that runs on a CPU makes one vector of a subgroup.
uint32_t invocations(const vulkan::Caps& caps, ProbeKind kind) {
  if (kind == ProbeKind::matrices) return kSubgroups * caps.subgroup_size;
  return caps.software() ? caps.subgroup_size : 128;
}

uint64_t results(const vulkan::Caps& caps, ProbeKind kind) {
  const vulkan::MatrixShape& matrix = caps.matrix;
  return kind == ProbeKind::matrices ? uint64_t{kSubgroups} * matrix.rows * matrix.columns
                                     : invocations(caps, kind);
}

}  // namespace

uint64_t probe_bytes(const vulkan::Caps& caps, ProbeKind kind) {
  return kGroups * results(caps, kind) * sizeof(float);
}

double probe_flops(const vulkan::Caps& caps, ProbeKind kind, int steps) {
  const double each = kind == ProbeKind::matrices ? double(shared::kProbeMatrices) * caps.matrix.depth
                                                  : double(shared::kProbeSums);
  return 2.0 * each * shared::kProbeUnroll * steps * kGroups * double(results(caps, kind));
}

void probe(Context& context, ProbeKind kind, const shared::ProbePush& push, const vulkan::Region& sums) {
  const vulkan::Caps& caps = context.caps();
  assert(sums.bytes >= probe_bytes(caps, kind));
  const Cost cost{probe_flops(caps, kind, push.steps), 0};
  if (kind == ProbeKind::matrices)
    return dispatch(context, "probe/matrix_multiply_add", "probe",
                    {invocations(caps, kind), caps.matrix.rows, caps.matrix.columns, caps.matrix.depth},
                    {writes(sums)}, push, {kGroups, 1, 1}, cost, caps.subgroup_size);
  dispatch(context, "probe/multiply_add", "probe", {invocations(caps, kind)}, {writes(sums)}, push,
           {kGroups, 1, 1}, cost);
}

}  // namespace impasto::kernels
