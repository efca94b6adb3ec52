// L-BFGS against the two-loop recursion in double precision on the very same pairs, and its history: full, cut up, saved, refused.
#include "catch.h"
#include "impasto/error.h"
#include "reference/optimizer.h"
#include "support/optimizer_run.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <set>

namespace impasto::test {
namespace {

using reference::Vector;
using Objective = std::function<Vector(const Floats&)>;  // its gradient

OptimizerConvention convention(int history, double learning_rate = 1) {
  OptimizerConvention made;
  made.kind = OptimizerKind::lbfgs;
  made.history = history;
  made.learning_rate = learning_rate;
  return made;
}

Vector in_double(const Floats& values) {
  return {values.begin(), values.end()};
}
Floats in_float(const Vector& values) {
  return {values.begin(), values.end()};
}

double product(const Vector& a, const Vector& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// ½ (z − 1)ᵀ Λ (z − 1), eigenvalues from 1 to `condition` in a scattered order.
Objective quadratic(size_t count, double condition) {
  return [=](const Floats& z) {
    Vector g(count);
    for (size_t i = 0; i < count; ++i) {
      const double place = double(i * 7919 % count) / std::max<double>(1, double(count) - 1);
      g[i] = std::pow(condition, place) * (z[i] - 1);
    }
    return g;
  };
}

// Σ k (b − a²)² + (1 − a)² over pairs (a, b) of neighbours, k from 1 to 10.
Objective rosenbrock(size_t count) {
  return [=](const Floats& z) {
    Vector g(count);
    for (size_t i = 0; i + 1 < count; i += 2) {
      const double k = 1 + 9 * double(i) / double(count);
      const double a = z[i], b = z[i + 1];
      g[i] = -4 * k * a * (b - a * a) - 2 * (1 - a);
      g[i + 1] = 2 * k * (b - a * a);
    }
    return g;
  };
}

// Keeps the device's own steps and gradients and says in double precision what the next step should have been.
class Shadow {
 public:
  explicit Shadow(const OptimizerConvention& settings) : rate_(settings.learning_rate) {
    lbfgs_.history = size_t(settings.history);
  }

  Vector expected_step(const Floats& gradient) {
    double length = rate_;
    const Vector g = in_double(gradient);
    if (step_.empty()) {
      double norm = 0;
      for (const double value : g) norm += std::abs(value);
      length *= std::min(1.0, 1 / norm);
    } else {
      offer_pair(gradient);
    }
    gradient_ = gradient;
    Vector step = lbfgs_.direction(g);
    for (double& value : step) value *= length;
    return step;
  }
  void taken(const Vector& step) { step_ = step; }
  size_t pairs() const { return lbfgs_.pairs.size(); }

 private:
  void offer_pair(const Floats& gradient) {
    Vector y(gradient.size());
    for (size_t i = 0; i < y.size(); ++i)
      y[i] = gradient[i] - gradient_[i];  // in float, as the device has it
    const double ys = product(y, step_);
    if (ys <= 1e-10) return;
    if (lbfgs_.pairs.size() == lbfgs_.history) lbfgs_.pairs.pop_front();
    lbfgs_.diagonal = ys / product(y, y);
    lbfgs_.pairs.push_back({step_, std::move(y), 1 / ys});
  }

  double rate_;
  reference::Lbfgs lbfgs_;
  Floats gradient_;
  Vector step_;
};

// Of an optimiser in one piece: the candidate follows the control buffer and begins with the step.
Vector last_step(OptimizerRun& run, size_t count) {
  Floats values = download<float>(run.optimizer().state().at(1));
  values.resize(count);
  return in_double(values);
}

struct Errors {
  double median = 0;
  double largest = 0;
};

// Relative errors of the steps; the gradient is evaluated in double where the device stands.
Errors step_errors(OptimizerRun& run, Shadow& shadow, const Objective& objective, int steps) {
  std::vector<double> errors;
  for (int i = 0; i < steps; ++i) {
    const Floats before = run.variable();
    const Floats g = in_float(objective(before));
    const Vector expected = shadow.expected_step(g);
    run.step(g);
    const Vector step = last_step(run, before.size());
    shadow.taken(step);
    errors.push_back(reference::relative_error(step, expected));
    const Floats after = run.variable();
    bool moved = true;
    for (size_t k = 0; k < after.size(); ++k) moved = moved && after[k] == before[k] + float(step[k]);
    REQUIRE(moved);
    REQUIRE(run.status().pairs == shadow.pairs());
  }
  std::sort(errors.begin(), errors.end());
  return {errors[errors.size() / 2], errors.back()};
}

Floats after_steps(OptimizerRun& run, const Objective& objective, int steps) {
  for (int i = 0; i < steps; ++i) run.step(in_float(objective(run.variable())));
  return run.variable();
}

}  // namespace

TEST_CASE("L-BFGS keeps to the two-loop recursion in double over long runs") {
  IMPASTO_REQUIRE_GPU();
  const size_t count = 2000;
  struct Problem {
    const char* name;
    Objective objective;
    double learning_rate;
  };
  const Problem problems[] = {{"quadratic of condition 1e4", quadratic(count, 1e4), 1},
                              {"Rosenbrock", rosenbrock(count), 0.5}};
  for (const Problem& problem : problems)
    for (const int history : {20, 100}) {
      const OptimizerConvention settings = convention(history, problem.learning_rate);
      OptimizerRun run(settings, random_floats(count, 3, 2));
      Shadow shadow(settings);
      const Errors errors = step_errors(run, shadow, problem.objective, 160);
      INFO(problem.name << ", history " << history << ": median " << errors.median << ", largest "
                        << errors.largest);
      CHECK(errors.median <= 3e-7);
      CHECK(errors.largest <= 2e-6);
      CHECK(shadow.pairs() == size_t(history));
    }
}

TEST_CASE("L-BFGS takes the right steps at every size, history short and long") {
  IMPASTO_REQUIRE_GPU();
  for (const size_t count : {1, 2, 3, 127, 4096, 100003})
    for (const int history : {1, 3, 30}) {
      INFO(count << " elements, history " << history);
      const OptimizerConvention settings = convention(history);
      OptimizerRun run(settings, random_floats(count, 5));
      Shadow shadow(settings);
      // In few dimensions old pairs contradict new ones, and rounding errors do not average out.
      CHECK(step_errors(run, shadow, quadratic(count, 50), 9).largest <= (count < 127 ? 1e-5 : 1e-6));
    }
}

TEST_CASE("L-BFGS refuses pairs of negative curvature and goes on with the ones it has") {
  IMPASTO_REQUIRE_GPU();
  const size_t count = 64;
  const OptimizerConvention settings = convention(4, 0.3);
  OptimizerRun run(settings, random_floats(count, 8));
  Shadow shadow(settings);
  const Objective downhill = quadratic(count, 9);
  const Objective hilltop = [](const Floats& z) {
    Vector g(z.size());
    for (size_t i = 0; i < g.size(); ++i) g[i] = 2 - 0.5 * z[i];
    return g;
  };
  CHECK(step_errors(run, shadow, hilltop, 3).largest <= 2e-6);  // none kept yet
  CHECK(shadow.pairs() == 0);
  CHECK(step_errors(run, shadow, downhill, 4).largest <= 2e-6);
  const size_t pairs = shadow.pairs();
  CHECK(pairs > 0);
  CHECK(step_errors(run, shadow, hilltop, 1).largest <= 2e-6);
  CHECK(step_errors(run, shadow, hilltop, 2).largest <= 2e-6);
  CHECK(shadow.pairs() <= 4);
  CHECK(step_errors(run, shadow, downhill, 8).largest <= 2e-6);
  CHECK(shadow.pairs() == 4);
}

TEST_CASE("A history in pages gives the same bits, one in pieces the same steps") {
  IMPASTO_REQUIRE_GPU();
  const size_t count = 2048;
  const OptimizerConvention settings = convention(7);
  const Objective objective = rosenbrock(count);
  const Floats start = random_floats(count, 4);

  OptimizerRun whole(settings, start);
  CHECK(whole.optimizer().state().size() == 3);
  const Floats expected = after_steps(whole, objective, 15);

  kernels::Library paged = small_bindings(3 * count * 8);
  OptimizerRun pages(paged, settings, start);
  CHECK(pages.optimizer().state().size() == 1 + 1 + 3);
  CHECK((after_steps(pages, objective, 15) == expected));

  kernels::Library tiny = small_bindings(1024 * 8);  // a pair of half a vector
  OptimizerRun pieces(tiny, settings, start);
  CHECK(pieces.optimizer().state().size() == 1 + 2 * (1 + 7));
  CHECK(reference::relative_error(in_double(after_steps(pieces, objective, 15)), in_double(expected)) <=
        1e-4);
}

TEST_CASE("The memory of L-BFGS is what was announced") {
  IMPASTO_REQUIRE_GPU();
  for (const uint64_t limit : {uint64_t{1} << 27, uint64_t{60000}, uint64_t{8192}}) {
    kernels::Library limited = small_bindings(limit);
    const OptimizerConvention settings = convention(5);
    const std::unique_ptr<Optimizer> optimizer = make_optimizer(limited, settings, 3001);
    std::set<const vulkan::Buffer*> buffers;
    for (const vulkan::Region& region : optimizer->state()) buffers.insert(region.buffer);
    uint64_t bytes = kParameterBytes;
    for (const vulkan::Buffer* buffer : buffers) {
      bytes += buffer->bytes();
      CHECK((buffer->bytes() <= limit || buffer == optimizer->status().buffer));
    }
    CHECK(bytes == optimizer_bytes(limited.caps(), settings, 3001));
    CHECK(bytes == optimizer->bytes());
  }
}

TEST_CASE("L-BFGS takes its last step back when the gradient is not finite, and goes on half as far") {
  IMPASTO_REQUIRE_GPU();
  const size_t count = 4099;
  const Objective objective = quadratic(count, 30);
  OptimizerRun run(convention(3), random_floats(count, 6));
  uint32_t skipped = 0;
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -1e19F})
    for (const size_t at : {size_t{0}, count - 1}) {
      const reference::Vector before = in_double(run.variable());
      after_steps(run, objective, 1);
      reference::Vector whole = in_double(run.variable());
      for (size_t i = 0; i < count; ++i) whole[i] -= before[i];
      const uint32_t steps = run.status().steps, pairs = run.status().pairs;

      Floats broken = in_float(objective(run.variable()));
      broken[at] = bad;
      run.step(broken);
      run.step(broken);  // there is no second step to take back
      skipped += 2;
      CHECK(reference::relative_error(in_double(run.variable()), before) <= 1e-6);
      CHECK(run.status().verdict == shared::kGradientNotFinite);
      CHECK(run.status().skipped == skipped);
      CHECK(run.status().failing == 2);
      CHECK(run.status().steps == steps);

      after_steps(run, objective, 1);  // from the same place in the same direction, a quarter of the way
      reference::Vector part = in_double(run.variable());
      for (size_t i = 0; i < count; ++i) part[i] = 4 * (part[i] - before[i]);
      CHECK(reference::relative_error(part, whole) <= 1e-2);
      CHECK(run.status().pairs == pairs);
      CHECK(run.status().verdict == shared::kStepTaken);
      CHECK(run.status().failing == 0);
    }
}

TEST_CASE("L-BFGS begins anew when its direction is not finite") {
  IMPASTO_REQUIRE_GPU();
  OptimizerRun run(convention(3, 1e30), {0, 0});
  run.step({-1e3F, 1e2F});
  const Floats before = run.variable();
  run.step({1e3F, -1e2F});  // γ of 1e26 times the learning rate passes the range of float
  CHECK(run.variable() == before);
  CHECK(run.status().verdict == shared::kDirectionNotFinite);
  CHECK(run.status().skipped == 1);
  CHECK(run.status().pairs == 0);
  run.optimizer().set_learning_rate(1);
  run.step({0.5F, -0.25F});
  CHECK(run.status().verdict == shared::kStepTaken);
  CHECK(last_step(run, 2) == Vector{-0.5, 0.25});
}

TEST_CASE("L-BFGS neither moves nor remembers where its step is not finite") {
  IMPASTO_REQUIRE_GPU();
  OptimizerRun run(convention(3, 1e30), {0, 0});
  run.step({-1e17F, 0});
  const Floats before = run.variable();
  run.step({1e17F,
            0});  // sᵀy passes the range of float, so the pair is refused; so does the learning rate times g
  CHECK(run.variable() == before);
  CHECK(run.status().pairs == 0);
  run.optimizer().set_learning_rate(1);
  run.step({0.5F, -0.25F});
  CHECK(last_step(run, 2) == Vector{-0.5, 0.25});
}

TEST_CASE("L-BFGS goes on from saved state with the same bits, and begins anew when reset") {
  IMPASTO_REQUIRE_GPU();
  const size_t count = 515;
  const Objective objective = rosenbrock(count);
  for (const int steps : {2, 9}) {  // before and after the ring is full
    OptimizerRun run(convention(4), random_floats(count, 9));
    const Floats middle = after_steps(run, objective, steps);
    const std::vector<Bytes> saved = run.save();
    const Floats end = after_steps(run, objective, 7);

    OptimizerRun resumed(convention(4), Floats(count, 0));
    resumed.restore(saved);
    CHECK((after_steps(resumed, objective, 7) == end));

    resumed.restore(saved);
    resumed.optimizer().reset();
    OptimizerRun fresh(convention(4), middle);
    CHECK((after_steps(resumed, objective, 7) == after_steps(fresh, objective, 7)));
  }
}

TEST_CASE("L-BFGS clamps the picture when the recipe says so") {
  IMPASTO_REQUIRE_GPU();
  OptimizerConvention settings = convention(3);
  settings.variable_range = 1;
  settings.clamp = true;
  OptimizerRun run(settings, {0.75F, 0.25F, 0.5F});
  run.step({-0.5F, 0.375F, 0.125F});
  CHECK(run.variable() == Floats{1, 0, 0.375F});
}

TEST_CASE("A history that the recursion cannot hold is refused") {
  IMPASTO_REQUIRE_GPU();
  for (const int history : {-1, 0, 513}) {
    try {
      make_optimizer(library(), convention(history), 16);
      FAIL("not refused");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::usage);
    }
  }
  make_optimizer(library(), convention(512), 16);
}

}  // namespace impasto::test
