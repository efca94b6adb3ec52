// Pooling and its gradient, window by window.
#include "reference/pooling.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace impasto::reference {
namespace {

struct Window {
  int y0, y1, x0, x1;  // half open, inside the picture
  int count() const { return (y1 - y0) * (x1 - x0); }
};

Window window_at(const Array& in, int y, int x) {
  return {2 * y, std::min(2 * y + 2, in.height), 2 * x, std::min(2 * x + 2, in.width)};
}

std::pair<int, int> largest(const Array& in, int c, const Window& window) {
  std::pair best{window.y0, window.x0};
  for (int y = window.y0; y < window.y1; ++y)
    for (int x = window.x0; x < window.x1; ++x)
      if (in.at(c, y, x) > in.at(c, best.first, best.second)) best = {y, x};
  return best;
}

double average(const Array& in, int c, const Window& window) {
  double sum = 0;
  for (int y = window.y0; y < window.y1; ++y)
    for (int x = window.x0; x < window.x1; ++x) sum += in.at(c, y, x);
  return sum / window.count();
}

}  // namespace

int pooled_size(int size, PoolingRounding rounding) {
  return rounding == PoolingRounding::floor ? size / 2 : (size + 1) / 2;
}

Array pool(const Array& in, Pooling pooling) {
  Array out(in.channels, pooled_size(in.height, pooling.rounding), pooled_size(in.width, pooling.rounding));
  for (int c = 0; c < out.channels; ++c)
    for (int y = 0; y < out.height; ++y)
      for (int x = 0; x < out.width; ++x) {
        const Window window = window_at(in, y, x);
        const auto [top, left] = largest(in, c, window);
        out.at(c, y, x) = pooling.kind == PoolingKind::max ? in.at(c, top, left) : average(in, c, window);
      }
  return out;
}

Array pool_gradient(const Array& d_out, const Array& in, Pooling pooling) {
  assert(d_out.height == pooled_size(in.height, pooling.rounding));
  assert(d_out.width == pooled_size(in.width, pooling.rounding));
  Array d_in = in.like();
  for (int c = 0; c < d_out.channels; ++c)
    for (int y = 0; y < d_out.height; ++y)
      for (int x = 0; x < d_out.width; ++x) {
        const Window window = window_at(in, y, x);
        const double d = d_out.at(c, y, x);
        if (pooling.kind == PoolingKind::max) {
          const auto [top, left] = largest(in, c, window);
          d_in.at(c, top, left) += d;
          continue;
        }
        for (int wy = window.y0; wy < window.y1; ++wy)
          for (int wx = window.x0; wx < window.x1; ++wx) d_in.at(c, wy, wx) += d / window.count();
      }
  return d_in;
}

}  // namespace impasto::reference
