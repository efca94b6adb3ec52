// Central differences against a gradient, with the bounds of PyTorch's gradcheck.
#pragma once

#include "catch.h"
#include "reference/array.h"

#include <cmath>

namespace impasto::test {

struct GradcheckBounds {
  double step = 1e-6;
  double absolute = 1e-5;
  double relative = 1e-3;
};

// CHECKs d value / d x for every element of x; value(x) returns a double.
template <typename Value>
void gradcheck(Value&& value, reference::Array x, const reference::Array& gradient,
               GradcheckBounds bounds = {}) {
  REQUIRE(gradient.same_shape(x));
  int wrong = 0;
  double worst = 0;
  for (size_t i = 0; i < x.data.size(); ++i) {
    const double here = x.data[i];
    x.data[i] = here + bounds.step;
    const double above = value(x);
    x.data[i] = here - bounds.step;
    const double below = value(x);
    x.data[i] = here;
    const double numeric = (above - below) / (2 * bounds.step);
    const double error = std::abs(numeric - gradient.data[i]);
    worst = std::max(worst, error);
    wrong += !(error <= bounds.absolute + bounds.relative * std::abs(numeric));
  }
  INFO("largest error " << worst);
  CHECK(wrong == 0);
}

}  // namespace impasto::test
