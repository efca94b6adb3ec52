// Records the kernels of the average.
#include "kernels/average.h"

#include "optimizer/push.h"

#include <algorithm>

namespace impasto::kernels {
namespace {

constexpr const char* kKind = "optimizer";
constexpr uint32_t kGroup = 64;

}  // namespace

void average_advance(Context& context, float decay, const vulkan::Region& sum) {
  dispatch(context, "optimizer/average_advance", kKind, {1}, {updates(sum)}, shared::AverageAdvance{decay},
           {1, 1, 1}, {0, 8});
}

void average(Context& context, int64_t elements, const vulkan::Region& variable,
             const vulkan::Region& average, const vulkan::Region& sum) {
  const uint32_t groups = std::min(groups_for(elements, kGroup), context.caps().max_groups);
  dispatch(context, "optimizer/average_take", kKind, {kGroup},
           {reads(variable), updates(average), reads(sum)}, shared::AveragePush{static_cast<int>(elements)},
           {groups, 1, 1}, {0, double(elements) * 12});
}

}  // namespace impasto::kernels
