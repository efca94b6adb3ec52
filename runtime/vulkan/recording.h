// What a recording owns; shared by the recorder, which fills it, and the recording, which hands it out.
#pragma once

#include "descriptors.h"
#include "recorder.h"
#include "timestamps.h"

#include <deque>

namespace impasto::vulkan {

struct Segment {
  explicit Segment(Device& device) : timestamps(device) {}

  VkCommandBuffer command = VK_NULL_HANDLE;
  const char* kind = "";  // of the first command
  double cost = 0;        // flops, with bytes standing in where there are none
  Timestamps timestamps;
  bool submitted = false;
};

struct Recording::State {
  explicit State(Device& owner) : device(&owner), descriptors(owner) {}
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Device* device;
  VkCommandPool pool = VK_NULL_HANDLE;
  Descriptors descriptors;
  std::deque<Segment> segments;  // a segment does not move
  double flops = 0;
  int dispatches = 0;
  int barriers = 0;
};

}  // namespace impasto::vulkan
