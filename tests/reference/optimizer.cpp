// The two optimisers, one step at a time.
#include "reference/optimizer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace impasto::reference {
namespace {

double product(const Vector& a, const Vector& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void add(Vector& to, const Vector& what, double factor) {
  for (size_t i = 0; i < to.size(); ++i) to[i] += factor * what[i];
}

}  // namespace

void Adam::step(Vector& x, const Vector& gradient) {
  first.resize(x.size());
  second.resize(x.size());
  ++steps;
  const double correction1 = 1 - std::pow(beta1, steps);
  const double correction2 = 1 - std::pow(beta2, steps);
  for (size_t i = 0; i < x.size(); ++i) {
    first[i] = beta1 * first[i] + (1 - beta1) * gradient[i];
    second[i] = beta2 * second[i] + (1 - beta2) * gradient[i] * gradient[i];
    const double root = epsilon_hat ? (std::sqrt(second[i]) + epsilon) / std::sqrt(correction2)
                                    : std::sqrt(second[i] / correction2) + epsilon;
    x[i] -= learning_rate * (first[i] / correction1) / root;
  }
}

void Average::take(const Vector& x) {
  value.resize(x.size());
  for (size_t i = 0; i < x.size(); ++i) value[i] = (decay * sum * value[i] + x[i]) / (decay * sum + 1);
  sum = decay * sum + 1;
}

Vector Lbfgs::direction(const Vector& gradient) const {
  Vector q(gradient.size());
  add(q, gradient, -1);
  std::vector<double> alpha(pairs.size());
  for (size_t i = pairs.size(); i-- > 0;) {
    alpha[i] = pairs[i].rho * product(pairs[i].s, q);
    add(q, pairs[i].y, -alpha[i]);
  }
  for (double& value : q) value *= diagonal;
  for (size_t i = 0; i < pairs.size(); ++i)
    add(q, pairs[i].s, alpha[i] - pairs[i].rho * product(pairs[i].y, q));
  return q;
}

void Lbfgs::step(Vector& x, const Vector& gradient) {
  double length = learning_rate;
  if (last_gradient.empty()) {
    double norm = 0;
    for (double value : gradient) norm += std::abs(value);
    length *= std::min(1.0, 1 / norm);
  } else {
    Vector y = gradient;
    add(y, last_gradient, -1);
    const double ys = product(y, last_step);
    if (ys > 1e-10) {
      if (pairs.size() == history) pairs.pop_front();
      diagonal = ys / product(y, y);
      pairs.push_back({last_step, std::move(y), 1 / ys});
    }
  }
  last_gradient = gradient;
  last_step = direction(gradient);
  for (double& value : last_step) value *= length;
  add(x, last_step, 1);
}

}  // namespace impasto::reference
