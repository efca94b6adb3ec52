// Adam, L-BFGS and an average over a flat vector of variables.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

namespace impasto::reference {

using Vector = std::vector<double>;

// Kingma & Ba, arXiv:1412.6980, algorithm 1; epsilon is added to the root of the corrected second moment.
struct Adam {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  bool epsilon_hat = false;  // added to the root of the uncorrected moment (end of their section 2)
  int steps = 0;
  Vector first{};
  Vector second{};

  void step(Vector& x, const Vector& gradient);
};

// The average of all values so far, each weighing `decay` of the next.
struct Average {
  double decay = 0.99;
  double sum = 0;  // of the weights
  Vector value{};

  void take(const Vector& x);
};

// Liu & Nocedal, Math. Prog. 45 (1989), with the two-loop recursion and a step of the learning rate instead
// of a line search; the first step is min(1, 1/‖g‖₁) times that. A pair with yᵀs ≤ 1e-10 is not kept.
struct Lbfgs {
  double learning_rate = 1;
  size_t history = 100;
  struct Pair {
    Vector s;
    Vector y;
    double rho;  // 1 / yᵀs
  };
  std::deque<Pair> pairs{};
  double diagonal = 1;  // of the initial inverse Hessian: yᵀs / yᵀy of the newest pair
  Vector last_gradient{};
  Vector last_step{};  // x now less x before

  void step(Vector& x, const Vector& gradient);
  Vector direction(const Vector& gradient) const;  // −H·gradient
};

}  // namespace impasto::reference
