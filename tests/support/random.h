// Seeded numbers that are the same on every platform and compiler, unlike the standard library's
// distributions.
#pragma once

#include "reference/array.h"

#include <cstdint>

namespace impasto::test {

// PCG-XSH-RR 64/32 (M. O'Neill, HMC-CS-2014-0905, section 6.3).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 2 + 0x9e3779b97f4a7c15u) { next(); }
  uint32_t next();
  double uniform(double low, double high);  // exactly representable as float for low, high of ±1
  int below(int bound);

 private:
  uint64_t state_;
};

// Uniform values in [low, high), rounded to float so that a device sees the very same numbers.
reference::Array random_array(int channels, int height, int width, uint64_t seed, double low = -1,
                              double high = 1);

}  // namespace impasto::test
