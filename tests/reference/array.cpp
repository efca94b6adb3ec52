// Vector arithmetic on arrays.
#include "reference/array.h"

#include <cassert>
#include <cmath>

namespace impasto::reference {

double dot(const Array& a, const Array& b) {
  assert(a.same_shape(b));
  double sum = 0;
  for (size_t i = 0; i < a.data.size(); ++i) sum += a.data[i] * b.data[i];
  return sum;
}

void add_scaled(Array& a, const Array& b, double factor) {
  assert(a.same_shape(b));
  for (size_t i = 0; i < a.data.size(); ++i) a.data[i] += factor * b.data[i];
}

double relative_error(const Array& actual, const Array& expected) {
  assert(actual.same_shape(expected));
  return relative_error(actual.data, expected.data);
}

double relative_error(const std::vector<double>& actual, const std::vector<double>& expected) {
  assert(actual.size() == expected.size());
  double difference = 0;
  double norm = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
    norm += expected[i] * expected[i];
  }
  return norm > 0 ? std::sqrt(difference / norm) : std::sqrt(difference);
}

}  // namespace impasto::reference
