// How much work may be under way on a queue that others use too: a slice of measured time, so that nobody waits long for a turn.
#pragma once

#include <atomic>

namespace impasto::vulkan {

class Pace {
 public:
  // Work that was done, and the seconds it took.
  void note(double flops, double seconds) {
    if (seconds <= 0 || flops <= 0) return;
    const double before = rate_, rate = flops / seconds;
    rate_ = before == 0 ? rate : before + kSmoothing * (rate - before);
  }

  // Floating-point operations of a slice; 0 before anything was measured.
  double slice_flops() const { return rate_ * kSliceSeconds; }

 private:
  static constexpr double kSliceSeconds = 0.01;  // what a frame of a window can wait for and still be prompt
  static constexpr double kSmoothing = 0.1;      // of the rate, towards the last measurement

  std::atomic<double> rate_ = 0;  // flops a second
};

}  // namespace impasto::vulkan
