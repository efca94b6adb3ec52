// The reference optimisers: steps by hand, and properties that their papers promise.
#include "catch.h"
#include "reference/optimizer.h"
#include "support/random.h"

#include <cmath>

namespace {

using impasto::reference::Adam;
using impasto::reference::Lbfgs;
using impasto::reference::Vector;

TEST_CASE("Adam by hand") {
  Adam adam{0.1, 0.9, 0.99, 0.5, false};
  Vector x{1, 1};
  adam.step(x, {2, -2});  // the corrected moments are the gradient and its square
  CHECK(x[0] == Approx(1 - 0.1 * 2 / 2.5));
  CHECK(x[1] == Approx(1 + 0.1 * 2 / 2.5));
  const double before = x[0];
  adam.step(x, {4, 4});
  const double first = (0.9 * 0.1 * 2 + 0.1 * 4) / (1 - 0.81);
  const double second = (0.99 * 0.01 * 4 + 0.01 * 16) / (1 - 0.9801);
  CHECK(x[0] == Approx(before - 0.1 * first / (std::sqrt(second) + 0.5)));
}

TEST_CASE("Adam's epsilon hat is the smaller one early on") {
  Adam adam{0.1, 0.9, 0.99, 0.5, true};
  Vector x{1};
  adam.step(x, {2});  // √v = 0.2, and the learning rate is √(1 − β₂)/(1 − β₁) = 1 times as large
  CHECK(x[0] == Approx(1 - 0.1 * (0.2 / 1) / (0.2 + 0.5)));
}

// f(x) = ½ Σ d_i x_i²
struct Quadratic {
  Vector diagonal;
  Vector gradient(const Vector& x) const {
    Vector g(x.size());
    for (size_t i = 0; i < x.size(); ++i) g[i] = diagonal[i] * x[i];
    return g;
  }
};

double largest(const Vector& x) {
  double result = 0;
  for (double value : x) result = std::max(result, std::abs(value));
  return result;
}

TEST_CASE("the first step of L-BFGS is one unit of the gradient's 1-norm at most") {
  Lbfgs lbfgs{0.5, 10};
  Vector x{3, 4};
  lbfgs.step(x, {6, 2});
  CHECK(x[0] == Approx(3 - 0.5 * 6 / 8));
  CHECK(x[1] == Approx(4 - 0.5 * 2 / 8));
  Lbfgs gentle{0.5, 10};
  Vector y{3, 4};
  gentle.step(y, {0.25, 0.5});  // ‖g‖₁ < 1: not lengthened
  CHECK(y[0] == Approx(3 - 0.5 * 0.25));
}

TEST_CASE("L-BFGS satisfies the secant equation of its newest pair") {
  const Quadratic f{{1, 2, 5, 9, 0.5, 3}};
  Lbfgs lbfgs{1, 3};  // fewer pairs than steps, so that the oldest are dropped
  Vector x = impasto::test::random_array(1, 1, 6, 1).data;
  for (int i = 0; i < 6; ++i) lbfgs.step(x, f.gradient(x));
  REQUIRE(lbfgs.pairs.size() == 3);
  const Vector minus_s = lbfgs.direction(lbfgs.pairs.back().y);
  for (size_t i = 0; i < x.size(); ++i) CHECK(minus_s[i] == Approx(-lbfgs.pairs.back().s[i]).margin(1e-12));
}

TEST_CASE("L-BFGS finds the bottom of a bowl") {
  const Quadratic f{{1, 1.5, 2, 3, 4, 5}};
  Lbfgs lbfgs{1, 10};
  Vector x{1, -2, 3, -4, 5, -6};
  for (int i = 0; i < 40; ++i) lbfgs.step(x, f.gradient(x));
  CHECK(largest(x) < 1e-6);
}

TEST_CASE("L-BFGS skips a pair without curvature") {
  Lbfgs lbfgs{1, 10};
  Vector x{1, 1};
  lbfgs.step(x, {1, 2});
  lbfgs.step(x, {1, 2});  // y = 0
  CHECK(lbfgs.pairs.empty());
  lbfgs.step(x, {1.5, 2.5});  // y points against the step
  CHECK(lbfgs.pairs.empty());
}

}  // namespace
