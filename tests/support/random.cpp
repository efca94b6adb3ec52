// The generator behind the tests' random arrays.
#include "support/random.h"

namespace impasto::test {

uint32_t Random::next() {
  const uint64_t old = state_;
  state_ = old * 6364136223846793005u + 1442695040888963407u;
  const auto shifted = static_cast<uint32_t>(((old >> 18) ^ old) >> 27);
  const auto turn = static_cast<uint32_t>(old >> 59);
  return (shifted >> turn) | (shifted << ((32 - turn) & 31));
}

double Random::uniform(double low, double high) {
  return low + (high - low) * (next() >> 8) / 16777216.0;
}

int Random::below(int bound) {
  return static_cast<int>(uint64_t{next()} * uint64_t(bound) >> 32);
}

reference::Array random_array(int channels, int height, int width, uint64_t seed, double low, double high) {
  reference::Array array(channels, height, width);
  Random random(seed);
  for (double& value : array.data) value = static_cast<float>(random.uniform(low, high));
  return array;
}

}  // namespace impasto::test
