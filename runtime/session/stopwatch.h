// Measures what a piece of work costs: on the wall, and on the processors of this machine.
#pragma once

#include "base/platform_clock.h"

#include <chrono>

namespace impasto::session {

struct Elapsed {
  double ms = 0;
  double processor_ms = 0;  // of all threads of this process
};

class Stopwatch {
 public:
  Elapsed elapsed() const {
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begun_;
    return {wall.count(), (platform::processor_seconds() - processor_begun_) * 1e3};
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  double processor_begun_ = platform::processor_seconds();
};

}  // namespace impasto::session
