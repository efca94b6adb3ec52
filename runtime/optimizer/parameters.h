// What the host may change between the steps of an optimiser: a few bytes that it writes and the device reads.
#pragma once

#include "vulkan/memory.h"

#include <cstring>

namespace impasto {

constexpr uint64_t kParameterBytes = 16;

class Parameters {
 public:
  Parameters(vulkan::Device& device, double learning_rate)
      : buffer_(device, kParameterBytes, vulkan::MemoryKind::staging) {
    set_learning_rate(learning_rate);
  }

  void set_learning_rate(double value) {
    learning_rate_ = value;
    const float rounded = static_cast<float>(value);
    std::memcpy(buffer_.mapped(), &rounded, sizeof rounded);
    buffer_.flush();
  }
  double learning_rate() const { return learning_rate_; }
  vulkan::Region region() const { return buffer_.all(); }

 private:
  vulkan::Buffer buffer_;
  double learning_rate_ = 0;
};

}  // namespace impasto
