// The array of the reference operations: channels × height × width, planar, in double precision.
#pragma once

#include <cstddef>
#include <vector>

namespace impasto::reference {

struct Array {
  int channels = 0;
  int height = 0;
  int width = 0;
  std::vector<double> data;

  Array() = default;
  Array(int c, int h, int w, double value = 0)
      : channels(c), height(h), width(w), data(size_t(c) * size_t(h) * size_t(w), value) {}

  size_t index(int c, int y, int x) const {
    return (size_t(c) * size_t(height) + size_t(y)) * size_t(width) + size_t(x);
  }
  double& at(int c, int y, int x) { return data[index(c, y, x)]; }
  double at(int c, int y, int x) const { return data[index(c, y, x)]; }
  size_t pixels() const { return size_t(height) * size_t(width); }
  Array like(double value = 0) const { return Array(channels, height, width, value); }
  bool same_shape(const Array& other) const {
    return channels == other.channels && height == other.height && width == other.width;
  }
};

// Σ a·b over all entries.
double dot(const Array& a, const Array& b);

// a += factor·b.
void add_scaled(Array& a, const Array& b, double factor = 1);

// ‖actual − expected‖ / ‖expected‖ in the 2-norm; the absolute norm when expected is zero.
double relative_error(const Array& actual, const Array& expected);
double relative_error(const std::vector<double>& actual, const std::vector<double>& expected);

}  // namespace impasto::reference
