// Timestamps around the commands of one segment. Each segment resets its own, so that it can be submitted
// alone and again.
#pragma once

#include "recorder.h"

#include <vector>

namespace impasto::vulkan {

class Timestamps {
 public:
  explicit Timestamps(Device& device) : device_(&device) {}
  ~Timestamps();
  Timestamps(const Timestamps&) = delete;
  Timestamps& operator=(const Timestamps&) = delete;

  // Both stamps wait for everything before them, so that the times of a recording add up even where commands
  // overlap.
  void begin(VkCommandBuffer command, const char* kind);
  void end(VkCommandBuffer command);

  // Adds what each kind cost to `times`; false when the commands have not run.
  bool collect(std::vector<KindTime>& times) const;

 private:
  void add_pool(VkCommandBuffer command);
  bool collect(VkQueryPool pool, std::vector<const char*>::const_iterator kind, uint32_t pairs,
               std::vector<KindTime>& times) const;

  Device* device_;
  std::vector<VkQueryPool> pools_;
  std::vector<const char*> kinds_;  // one for each pair of stamps
};

}  // namespace impasto::vulkan
