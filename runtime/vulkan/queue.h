// Submits recordings and says when they are done: a ring of fences, a few submissions ahead, never an idle
// wait between them.
#pragma once

#include "recorder.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace impasto::vulkan {

using Ticket = uint64_t;  // counts submissions; a ticket is done when its submission is

class Queue {
 public:
  explicit Queue(Device& device, uint32_t in_flight = 8);
  ~Queue();  // waits
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  // Submits every segment in order, each its own submission; waits only when in_flight submissions are under
  // way, or on a shared device more than a slice of work.
  Ticket submit(const Recording& recording);
  // Submits one segment alone; for profiling and for the viewer's slicing.
  Ticket submit_segment(const Recording& recording, size_t segment);
  // A ticket that is done when everything is that anybody has submitted to the device so far.
  Ticket mark();
  // These and submit throw Error; device_lost() says whether the device went.
  bool done(Ticket ticket);  // never waits
  void wait(Ticket ticket);
  void wait_all();

 private:
  struct Slot {
    VkFence fence;
    Ticket ticket;
    double flops;
    std::chrono::steady_clock::time_point submitted;
  };
  Ticket submit_commands(std::span<const VkCommandBuffer> commands, double flops);
  void wait_for_turn(double flops);
  VkFence ready_fence();
  void retire_oldest();
  void check_device(VkResult result, const char* call);

  Device* device_;
  uint32_t in_flight_;
  Ticket next_ = 1;
  Ticket finished_ = 0;
  double pending_flops_ = 0;
  std::chrono::steady_clock::time_point last_done_{};
  std::deque<Slot> pending_;
  std::vector<VkFence> idle_;
  bool lost_ = false;
};

}  // namespace impasto::vulkan
