// Submits command buffers a few ahead of the device.
#include "queue.h"

#include "error.h"
#include "info.h"

#include <algorithm>
#include <cassert>

namespace impasto::vulkan {
namespace {

constexpr uint64_t kForever = UINT64_MAX;
constexpr uint64_t kFarewell =
    2'000'000'000;  // nanoseconds that a lost device is given for each submission when we leave

}  // namespace

Queue::Queue(Device& device, uint32_t in_flight) : device_(&device), in_flight_(in_flight) {
  assert(in_flight > 0);
  idle_.reserve(in_flight);
}

Queue::~Queue() {
  const Functions& functions = device_->functions();
  for (const Slot& slot : pending_) {
    const VkResult result =
        functions.vkWaitForFences(device_->handle(), 1, &slot.fence, VK_TRUE, lost_ ? kFarewell : kForever);
    lost_ = lost_ || result != VK_SUCCESS;
    functions.vkDestroyFence(device_->handle(), slot.fence, nullptr);
  }
  for (VkFence fence : idle_) functions.vkDestroyFence(device_->handle(), fence, nullptr);
}

Ticket Queue::submit(const Recording& recording) {
  Ticket ticket = next_ - 1;
  for (size_t i = 0; i < recording.segments(); ++i) ticket = submit_segment(recording, i);
  return ticket;
}

Ticket Queue::submit_segment(const Recording& recording, size_t segment) {
  const VkCommandBuffer command = recording.segment(segment);
  const Ticket ticket = submit_commands({&command, 1}, recording.segment_flops(segment));
  recording.mark_submitted(segment);
  return ticket;
}

Ticket Queue::mark() {
  return submit_commands({}, 0);
}

void Queue::check_device(VkResult result, const char* call) {
  lost_ = lost_ || result == VK_ERROR_DEVICE_LOST;
  check(result, call);
}

// An unsignalled fence at the back of idle_, from where it is taken only when it was submitted.
VkFence Queue::ready_fence() {
  const Functions& functions = device_->functions();
  if (!idle_.empty()) {
    check_device(functions.vkResetFences(device_->handle(), 1, &idle_.back()), "vkResetFences");
    return idle_.back();
  }
  const VkFenceCreateInfo info{VK_STRUCTURE_TYPE_FENCE_CREATE_INFO, nullptr, 0};
  VkFence fence = VK_NULL_HANDLE;
  check(functions.vkCreateFence(device_->handle(), &info, nullptr, &fence), "vkCreateFence");
  idle_.push_back(fence);
  return fence;
}

// One submission may always be under way, however much it is.
void Queue::wait_for_turn(double flops) {
  if (const Pace* pace = device_->pace())
    while (!pending_.empty() && pending_flops_ + flops > pace->slice_flops()) retire_oldest();
}

Ticket Queue::submit_commands(std::span<const VkCommandBuffer> commands, double flops) {
  wait_for_turn(flops);
  while (pending_.size() >= in_flight_) retire_oldest();
  const VkFence fence = ready_fence();
  auto info = make_info<VkSubmitInfo>(VK_STRUCTURE_TYPE_SUBMIT_INFO);
  info.commandBufferCount = static_cast<uint32_t>(commands.size());
  info.pCommandBuffers = commands.data();
  {
    const auto lock = device_->lock_queue();
    check_device(device_->functions().vkQueueSubmit(device_->queue(), 1, &info, fence), "vkQueueSubmit");
  }
  idle_.pop_back();
  pending_.push_back({fence, next_, flops, std::chrono::steady_clock::now()});
  pending_flops_ += flops;
  return next_++;
}

void Queue::retire_oldest() {
  const Slot slot = pending_.front();
  check_device(device_->functions().vkWaitForFences(device_->handle(), 1, &slot.fence, VK_TRUE, kForever),
               "vkWaitForFences");
  pending_.pop_front();
  idle_.push_back(slot.fence);
  finished_ = slot.ticket;
  pending_flops_ = pending_.empty() ? 0 : pending_flops_ - slot.flops;
  const auto now = std::chrono::steady_clock::now();
  if (Pace* pace = device_->pace())
    pace->note(slot.flops, std::chrono::duration<double>(now - std::max(last_done_, slot.submitted)).count());
  last_done_ = now;
}

bool Queue::done(Ticket ticket) {
  while (finished_ < ticket && !pending_.empty()) {
    const VkResult result = device_->functions().vkGetFenceStatus(device_->handle(), pending_.front().fence);
    if (result == VK_NOT_READY) return false;
    check_device(result, "vkGetFenceStatus");
    retire_oldest();
  }
  return true;
}

void Queue::wait(Ticket ticket) {
  assert(ticket < next_);
  while (finished_ < ticket) retire_oldest();
}

void Queue::wait_all() {
  wait(next_ - 1);
}

}  // namespace impasto::vulkan
