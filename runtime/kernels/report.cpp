// Records the report of an iteration.
#include "kernels/report.h"

#include "loss/push.h"

#include <cassert>

namespace impasto::kernels {

uint64_t report_bytes(int count, int slots) {
  return (uint64_t(count) + 1) * uint64_t(slots) * sizeof(uint32_t);
}

void report(Context& context, const vulkan::Region& totals, int count, const vulkan::Region& state,
            const vulkan::Region& ring, int slots) {
  assert(count > 0 && slots > 0 && totals.bytes >= uint64_t(count) * sizeof(float));
  assert(ring.bytes >= report_bytes(count, slots));
  dispatch(context, "loss/report", "loss", {shared::kLossGroup},
           {reads(totals), updates(state), updates(ring)}, shared::ReportPush{count, slots}, {1, 1, 1});
}

}  // namespace impasto::kernels
