// The weights of one axis of a resampling, shared by the picture code and the device's kernel.
#pragma once

#include "impasto/image.h"

#include <vector>

namespace impasto {

// Output i is the sum over k < taps of weights[i*taps + k] * input[first[i] + k]; 0 ≤ first[i] and first[i] +
// taps ≤ in.
struct ResampleWeights {
  int taps = 0;
  std::vector<int> first;      // out
  std::vector<float> weights;  // out × taps, each row sums to 1
};

// Pixel centres at half integers; the filter is stretched by in/out when that is above 1. Taps beyond an end
// are folded onto the edge pixel, which is what replicating the edge means. Both sizes must be positive.
ResampleWeights resample_weights(int in, int out, Filter filter);

}  // namespace impasto
