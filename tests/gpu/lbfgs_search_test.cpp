// L-BFGS with a line search: the points at which scipy's L-BFGS-B evaluates, called as the Keras example calls it; and what the device does
// where that code would stop or fail.
#include "catch.h"
#include "support/files.h"
#include "support/fixtures.h"
#include "support/optimizer_run.h"
#include "support/skip.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <string>

namespace impasto::test {
namespace {

struct Value {
  double f = 0;
  Floats gradient;
};
using Objective = std::function<Value(const Floats&)>;

OptimizerConvention convention(int history, int restart) {
  OptimizerConvention made;
  made.kind = OptimizerKind::lbfgs;
  made.line_search = LineSearchKind::more_thuente;
  made.history = history;
  made.restart = restart;
  return made;
}

// The functions of tests/fixtures/make_lbfgsb_fixtures.py.
Value rosenbrock(const Floats& x) {
  Value value{0, Floats(x.size())};
  for (size_t i = 0; i + 1 < x.size(); i += 2) {
    const double k = 10 * (1 + double(i) / 2), a = x[i], b = x[i + 1];
    value.f += k * (b - a * a) * (b - a * a) + (1 - a) * (1 - a);
    value.gradient[i] = float(-4 * k * a * (b - a * a) - 2 * (1 - a));
    value.gradient[i + 1] = float(2 * k * (b - a * a));
  }
  return value;
}

Value quadratic(const Floats& x) {
  Value value{0, Floats(x.size())};
  for (size_t i = 0; i < x.size(); ++i) {
    const double scale = std::pow(3, i), t = double(x[i]) - 1;
    value.f += 0.5 * scale * t * t;
    value.gradient[i] = float(scale * t);
  }
  return value;
}

Value valley(const Floats& x) {
  Value value{0, Floats(x.size())};
  for (size_t i = 0; i < x.size(); ++i) {
    const double k = 1 + double(i);
    value.f += std::cosh(k * x[i] / 4) + 0.1 * x[i];
    value.gradient[i] = float(k / 4 * std::sinh(k * x[i] / 4) + 0.1);
  }
  return value;
}

void step(OptimizerRun& run, const Objective& objective) {
  const Value value = objective(run.variable());
  run.step(value.gradient, float(value.f));
}

Floats after_steps(OptimizerRun& run, const Objective& objective, int steps) {
  for (int i = 0; i < steps; ++i) step(run, objective);
  return run.variable();
}

double distance(const Floats& a, const std::vector<double>& b) {
  double sum = 0, norm = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    sum += (a[i] - b[i]) * (a[i] - b[i]);
    norm += b[i] * b[i];
  }
  return std::sqrt(sum / norm);
}

}  // namespace

TEST_CASE("L-BFGS with a line search evaluates where scipy's L-BFGS-B does") {
  IMPASTO_REQUIRE_GPU();
  IMPASTO_REQUIRE_FIXTURES();
  const std::map<std::string, Objective> objectives{
      {"rosenbrock", rosenbrock}, {"quadratic", quadratic}, {"valley", valley}};
  for (const auto& recorded :
       nlohmann::json::parse(read_text(weight_fixtures().parent_path() / "lbfgsb.json"))) {
    const std::string name = recorded["function"];
    const Objective& objective = objectives.at(name);
    OptimizerRun run(convention(recorded["history"], recorded["restart"]), recorded["start"].get<Floats>());
    double largest = 0;
    for (size_t i = 0; i < recorded["x"].size(); ++i) {
      largest = std::max(largest, distance(run.variable(), recorded["x"][i]));
      step(run, objective);
    }
    INFO(name << ": points off by " << largest);
    CHECK(largest <= 1e-3);  // of rounding in single precision, which the searches amplify
  }
}

TEST_CASE("A line search takes the same steps with a history in pages and in pieces") {
  IMPASTO_REQUIRE_GPU();
  const size_t count = 2048;
  const Objective objective = [](const Floats& x) {
    Value value{0, Floats(x.size())};
    for (size_t i = 0; i < x.size(); ++i) {
      const double scale = 1 + double(i % 50), t = double(x[i]) - 1;
      value.f += 0.5 * scale * t * t;
      value.gradient[i] = float(scale * t);
    }
    return value;
  };
  const Floats start = random_floats(count, 4);
  OptimizerRun whole(convention(7, 20), start);
  const Floats expected = after_steps(whole, objective, 25);
  kernels::Library paged = small_bindings(3 * count * 8);
  OptimizerRun pages(paged, convention(7, 20), start);
  CHECK((after_steps(pages, objective, 25) == expected));
  kernels::Library tiny = small_bindings(1024 * 8);
  OptimizerRun pieces(tiny, convention(7, 20), start);
  CHECK(distance(after_steps(pieces, objective, 25), {expected.begin(), expected.end()}) <= 1e-5);
}

TEST_CASE("A trial that is not finite is taken back, and the search begins again at most half as far") {
  IMPASTO_REQUIRE_GPU();
  OptimizerRun run(convention(10, 0), Floats(12, 0.25F));
  after_steps(run, quadratic, 14);
  for (const bool in_loss : {false, true}) {
    INFO((in_loss ? "loss" : "gradient"));
    while (run.status().verdict != shared::kStepTaken || run.status().failing > 0) step(run, quadratic);
    step(run, quadratic);
    const Floats trial = run.variable();
    const uint32_t skipped = run.status().skipped, pairs = run.status().pairs;
    Value value = quadratic(trial);
    if (in_loss)
      value.f = std::numeric_limits<double>::infinity();
    else
      value.gradient[3] = std::numeric_limits<float>::quiet_NaN();
    run.step(value.gradient, float(value.f));
    CHECK(run.status().skipped == skipped + 1);
    CHECK(run.status().failing == 1);
    CHECK(run.status().pairs == pairs);
    const Floats back = run.variable();
    const Value at_start = quadratic(back);
    CHECK(at_start.f >= quadratic(trial).f);  // where the search began

    run.step(at_start.gradient, float(at_start.f));
    CHECK(run.status().failing == 0);
    double before = 0, after = 0;
    for (size_t i = 0; i < back.size(); ++i) {
      before += std::pow(double(trial[i]) - back[i], 2);
      after += std::pow(double(run.variable()[i]) - back[i], 2);
    }
    CHECK(std::sqrt(after) <= 0.501 * std::sqrt(before));
    CHECK(after > 0);
    after_steps(run, quadratic, 3);
  }
  const double begin = quadratic(run.variable()).f;
  CHECK(quadratic(after_steps(run, quadratic, 20)).f < begin);
}

TEST_CASE("A start whose gradient is not finite is never left") {
  IMPASTO_REQUIRE_GPU();
  const Floats start(12, 0.25F);
  OptimizerRun run(convention(10, 20), start);
  for (uint32_t i = 1; i <= 10; ++i) {
    run.step(Floats(12, std::numeric_limits<float>::infinity()), 1);
    CHECK(run.status().failing == i);
    CHECK(run.variable() == start);
  }
}

TEST_CASE("A search that cannot get lower ends where it began") {
  IMPASTO_REQUIRE_GPU();
  const Floats start{2, -1, 0.5F};
  OptimizerRun run(convention(3, 0), start);
  int returns = 0;
  for (int i = 0; i < 40; ++i) {
    const bool there = distance(run.variable(), {start.begin(), start.end()}) <= 1e-6;
    returns += there ? 1 : 0;
    run.step({0.5F, 0.25F, -1}, there ? 1.0F : 2.0F);
    CHECK(distance(run.variable(), {start.begin(), start.end()}) <= 1);
    CHECK(run.status().pairs == 0);
  }
  CHECK(returns >= 3);
}

TEST_CASE("A line search stays where the gradient is flat") {
  IMPASTO_REQUIRE_GPU();
  const Floats start{2, -1, 0.5F};
  OptimizerRun run(convention(3, 0), start);
  for (int i = 0; i < 3; ++i) run.step({1e-6F, 0, -9e-6F}, 1);
  CHECK(run.variable() == start);
}

TEST_CASE("A line search goes on from saved state with the same bits, and begins anew when reset") {
  IMPASTO_REQUIRE_GPU();
  for (const int steps : {3, 7, 24}) {
    OptimizerRun run(convention(4, 20), Floats(12, 0.25F));
    const Floats middle = after_steps(run, rosenbrock, steps);
    const std::vector<Bytes> saved = run.save();
    const Floats end = after_steps(run, rosenbrock, 19);

    OptimizerRun resumed(convention(4, 20), Floats(12, 0));
    resumed.restore(saved);
    CHECK((after_steps(resumed, rosenbrock, 19) == end));

    resumed.restore(saved);
    resumed.optimizer().reset();
    OptimizerRun fresh(convention(4, 20), middle);
    CHECK((after_steps(resumed, rosenbrock, 19) == after_steps(fresh, rosenbrock, 19)));
  }
}

}  // namespace impasto::test
