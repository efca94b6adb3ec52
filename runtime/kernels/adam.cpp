// Records the kernels of Adam.
#include "kernels/adam.h"

#include <algorithm>

namespace impasto::kernels {
namespace {

constexpr const char* kKind = "optimizer";
constexpr uint32_t kGroup = 64;
constexpr int kElementsPerFlag = 1024;  // at least
constexpr int kMaxFlags = 256;          // of a piece

}  // namespace

int adam_flags(int64_t elements) {
  return static_cast<int>(std::min<int64_t>(groups_for(elements, kElementsPerFlag), kMaxFlags));
}

uint64_t adam_control_bytes(int flags) {
  return sizeof(shared::AdamState) + uint64_t(flags) * sizeof(uint32_t);
}

void adam_check(Context& context, const vulkan::Region& gradient, int64_t elements, int first_flag,
                const vulkan::Region& control) {
  const shared::AdamCheck push{static_cast<int>(elements), first_flag};
  dispatch(context, "optimizer/adam_check", kKind, {kGroup}, {reads(gradient), updates(control)}, push,
           {uint32_t(adam_flags(elements)), 1, 1}, {0, double(elements) * 4});
}

void adam_advance(Context& context, const shared::AdamAdvance& push, bool epsilon_hat,
                  const vulkan::Region& control, const vulkan::Region& parameters) {
  dispatch(context, "optimizer/adam_advance", kKind, {kGroup, epsilon_hat},
           {updates(control), reads(parameters)}, push, {1, 1, 1}, {0, double(control.bytes)});
}

void adam_step(Context& context, const shared::AdamStep& push, bool clamp, const vulkan::Region& variable,
               const vulkan::Region& gradient, const vulkan::Region& moments, const vulkan::Region& control) {
  const uint32_t groups = std::min(groups_for(push.elements, kGroup), context.caps().max_groups);
  dispatch(context, "optimizer/adam_step", kKind, {kGroup, clamp},
           {updates(variable), reads(gradient), updates(moments), reads(control)}, push, {groups, 1, 1},
           {0, double(push.elements) * 28});
}

}  // namespace impasto::kernels
