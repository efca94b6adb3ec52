// 2×2 pooling with stride two. With ceil the last window of an odd side is a partial one.
#pragma once

#include "impasto/recipe.h"
#include "reference/array.h"

namespace impasto::reference {

struct Pooling {
  PoolingKind kind = PoolingKind::max;
  PoolingRounding rounding = PoolingRounding::floor;
};

int pooled_size(int size, PoolingRounding rounding);

// An average divides by the pixels that are there. The largest of equals is the first in row-major order.
Array pool(const Array& in, Pooling pooling);
Array pool_gradient(const Array& d_out, const Array& in, Pooling pooling);

}  // namespace impasto::reference
