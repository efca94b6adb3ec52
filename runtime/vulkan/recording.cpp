// Hands out the command buffers of a recording and the times they took.
#include "recording.h"

#include <algorithm>

namespace impasto::vulkan {

Recording::State::~State() {
  if (pool != VK_NULL_HANDLE) device->functions().vkDestroyCommandPool(device->handle(), pool, nullptr);
}

Recording::Recording(std::unique_ptr<State> state) : state_(std::move(state)) {}
Recording::~Recording() = default;
Recording::Recording(Recording&&) noexcept = default;
Recording& Recording::operator=(Recording&&) noexcept = default;

size_t Recording::segments() const {
  return state_->segments.size();
}
VkCommandBuffer Recording::segment(size_t index) const {
  return state_->segments[index].command;
}
const char* Recording::segment_kind(size_t index) const {
  return state_->segments[index].kind;
}
double Recording::segment_flops(size_t index) const {
  return state_->segments[index].cost;
}
double Recording::flops() const {
  return state_->flops;
}
int Recording::dispatches() const {
  return state_->dispatches;
}
int Recording::barriers() const {
  return state_->barriers;
}

void Recording::mark_submitted(size_t index) const {
  state_->segments[index].submitted = true;
}

std::vector<KindTime> Recording::times() const {
  std::vector<KindTime> times;
  // Queries that were never reset by a submission may not be read.
  const bool whole = std::all_of(
      state_->segments.begin(), state_->segments.end(),
      [&times](const Segment& segment) { return segment.submitted && segment.timestamps.collect(times); });
  return whole ? times : std::vector<KindTime>{};
}

}  // namespace impasto::vulkan
