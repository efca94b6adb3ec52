// Records the probe.
#include "kernels/probe.h"

#include <cassert>

namespace impasto::kernels {
namespace {

constexpr uint32_t kGroups = 4096;  // some for every core of any device

// A driver that runs on a CPU makes one vector of a subgroup.
uint32_t invocations(const vulkan::Caps& caps) {
  return caps.software() ? caps.subgroup_size : 128;
}

}  // namespace

uint64_t probe_bytes(const vulkan::Caps& caps) {
  return uint64_t{kGroups} * invocations(caps) * sizeof(float);
}

double probe_flops(const vulkan::Caps& caps, int steps) {
  return 2.0 * shared::kProbeSums * shared::kProbeUnroll * steps * kGroups * invocations(caps);
}

void probe(Context& context, const shared::ProbePush& push, const vulkan::Region& sums) {
  assert(sums.bytes >= probe_bytes(context.caps()));
  dispatch(context, "probe/multiply_add", "probe", {invocations(context.caps())}, {writes(sums)}, push,
           {kGroups, 1, 1}, {probe_flops(context.caps(), push.steps), 0});
}

}  // namespace impasto::kernels
