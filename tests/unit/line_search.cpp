// The line search on the functions of Moré & Thuente, ACM TOMS 20 (1994), section 5: as many evaluations as in their tables I to VI, and
// the steps and slopes to the digits of MINPACK-2's dcsrch (in scipy 1.10.1), of which the tables print two.
#include "optimizer/line_search.h"

#include "catch.h"

#include <cmath>
#include <functional>
#include <numbers>
#include <utility>
#include <vector>

namespace impasto {
namespace {

using Point = shared::LineSearchPoint<double>;
using Limits = shared::LineSearchLimits<double>;
using Function = std::function<std::pair<double, double>(double)>;  // its value and derivative

// (5.1)
std::pair<double, double> rational(double x) {
  return {-x / (x * x + 2), (x * x - 2) / ((x * x + 2) * (x * x + 2))};
}

// (5.2)
std::pair<double, double> quintic(double x) {
  const double t = x + 0.004;
  return {std::pow(t, 5) - 2 * std::pow(t, 4), 5 * std::pow(t, 4) - 8 * std::pow(t, 3)};
}

// (5.3)
std::pair<double, double> wavy(double x) {
  const double beta = 0.01, l = 39, pi = std::numbers::pi;
  const double corner = x <= 1 - beta   ? 1 - x
                        : x >= 1 + beta ? x - 1
                                        : (x - 1) * (x - 1) / (2 * beta) + beta / 2;
  const double slope = x <= 1 - beta ? -1 : x >= 1 + beta ? 1 : (x - 1) / beta;
  return {corner + 2 * (1 - beta) / (l * pi) * std::sin(l * pi / 2 * x),
          slope + (1 - beta) * std::cos(l * pi / 2 * x)};
}

// (5.4)
Function yanai(double beta1, double beta2) {
  const auto gamma = [](double beta) { return std::sqrt(1 + beta * beta) - beta; };
  return [=](double x) {
    const double a = std::hypot(1 - x, beta2), b = std::hypot(x, beta1);
    return std::pair(gamma(beta1) * a + gamma(beta2) * b, gamma(beta1) * (x - 1) / a + gamma(beta2) * x / b);
  };
}

struct Row {
  double first;
  int evaluations;
  double step;
  double slope;
};

struct Table {
  const char* name;
  Function function;
  double decrease;
  double curvature;
  std::vector<Row> rows;
};

const Table kTables[] = {{"I",
                          rational,
                          0.001,
                          0.1,
                          {{1e-3, 6, 1.365, -0.00916},
                           {1e-1, 3, 1.441372, 0.00466},
                           {1e1, 1, 10, 0.00942},
                           {1e3, 4, 36.88761, 0.000732}}},
                         {"II",
                          quintic,
                          0.1,
                          0.1,
                          {{1e-3, 12, 1.596, 6.82e-11},
                           {1e-1, 8, 1.596, 1.01e-10},
                           {1e1, 8, 1.596, -4.97e-09},
                           {1e3, 11, 1.596, -2.31e-08}}},
                         {"III",
                          wavy,
                          0.1,
                          0.1,
                          {{1e-3, 12, 0.9999997, -5.14e-05},
                           {1e-1, 12, 0.9999988, -0.000192},
                           {1e1, 10, 1, -1.99e-06},
                           {1e3, 13, 0.9999999, -1.58e-05}}},
                         {"IV",
                          yanai(1e-3, 1e-3),
                          0.001,
                          0.001,
                          {{1e-3, 4, 0.085, -6.85e-05},
                           {1e-1, 1, 0.1, -4.93e-05},
                           {1e1, 3, 0.3491046, -2.92e-06},
                           {1e3, 4, 0.8294012, 1.64e-05}}},
                         {"V",
                          yanai(1e-2, 1e-3),
                          0.001,
                          0.001,
                          {{1e-3, 6, 0.07501087, 0.00019},
                           {1e-1, 3, 0.07751042, 0.000739},
                           {1e1, 7, 0.07314201, -0.000257},
                           {1e3, 8, 0.07615927, 0.000449}}},
                         {"VI",
                          yanai(1e-3, 1e-2),
                          0.001,
                          0.001,
                          {{1e-3, 13, 0.9279032, 0.000522},
                           {1e-1, 11, 0.92615, 8.36e-05},
                           {1e1, 8, 0.9247817, -0.000238},
                           {1e3, 11, 0.9243979, -0.000325}}}};

struct Found {
  uint32_t verdict;
  int evaluations;
  double step;
  double slope;
};

Found search(const Function& function, double first, const Limits& limits) {
  const auto [f, slope] = function(0);
  auto state = shared::begin_search(f, slope, first, limits);
  for (int evaluations = 1;; ++evaluations) {
    const double step = state.step;
    const auto [value, derivative] = function(step);
    const uint32_t verdict = shared::search_on(state, value, derivative, limits);
    if (verdict != shared::kSearchGoesOn || evaluations == 50)
      return {verdict, evaluations, step, derivative};
  }
}

}  // namespace

TEST_CASE("the line search takes the evaluations and the steps of Moré and Thuente") {
  for (const Table& table : kTables)
    for (const Row& row : table.rows) {
      const Found found = search(table.function, row.first,
                                 {table.decrease, table.curvature, 1e-15, 4 * std::max(1.0, row.first)});
      INFO("table " << table.name << " from " << row.first << ": " << found.evaluations
                    << " evaluations, step " << found.step << ", slope " << found.slope);
      CHECK(found.verdict == shared::kSearchDone);
      CHECK(found.evaluations == row.evaluations);
      CHECK(found.step == Approx(row.step).epsilon(1e-6));
      CHECK(found.slope == Approx(row.slope).epsilon(1e-2));
    }
}

}  // namespace impasto
