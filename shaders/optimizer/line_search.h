// The line search of Moré & Thuente, Line search algorithms with guaranteed sufficient decrease, ACM TOMS 20 (1994), in the form that
// MINPACK-2 gave it (dcsrch, 1996) and L-BFGS-B 3.0 uses: one text for GLSL, in float, and for C++, in any real type.
//
// f is the function at a step from the start of the search, `slope` its derivative there along the direction. The search wants
// f(step) ≤ f(0) + decrease·step·f′(0) and |f′(step)| ≤ curvature·|f′(0)|.
#ifndef IMPASTO_LINE_SEARCH_H
#define IMPASTO_LINE_SEARCH_H

#include "common/layout.h"

#ifdef __cplusplus
#include <algorithm>
#include <cmath>
#define OF_REAL template <class Real>
#define LINE_SEARCH LineSearch<Real>
#define LINE_SEARCH_POINT LineSearchPoint<Real>
#define LINE_SEARCH_LIMITS LineSearchLimits<Real>
#define INOUT(type) type&
#else
#define OF_REAL
#define Real float
#define LINE_SEARCH LineSearch
#define LINE_SEARCH_POINT LineSearchPoint
#define LINE_SEARCH_LIMITS LineSearchLimits
#define INOUT(type) inout type
#endif

IMPASTO_SHARED_BEGIN
#ifdef __cplusplus
using std::abs;
using std::max;
using std::min;
using std::sqrt;
#endif

const uint kSearchGoesOn = 0u;  // at the new step
const uint kSearchDone = 1u;    // at this step
const uint kSearchCannot =
    2u;  // get further than this step: rounding, an interval that has become small, or a bound

OF_REAL struct LineSearchPoint {
  Real step;
  Real f;
  Real slope;
};

OF_REAL struct LineSearchLimits {
  Real decrease;
  Real curvature;
  Real width;     // of the interval, relative to its upper end, below which the search ends
  Real greatest;  // step
};

OF_REAL struct LineSearch {
  LINE_SEARCH_POINT start;  // at step 0
  LINE_SEARCH_POINT best;   // the end of the interval with the smaller f
  LINE_SEARCH_POINT other;  // the other end, when it is bracketed
  Real least;               // step that the next may be, and
  Real most;
  Real width;         // of the interval, and
  Real width_before;  // one step earlier, doubled at first
  Real step;          // to evaluate now
  uint bracketed;
  uint sufficient;  // 1: some step had f below the line of sufficient decrease and did not go downhill
};

// A cubic through two points and their slopes (section 4): θ and γ, of which its minimum is made. γ ≥ 0.
OF_REAL Real cubic_theta(LINE_SEARCH_POINT a, LINE_SEARCH_POINT b) {
  return Real(3) * (a.f - b.f) / (b.step - a.step) + a.slope + b.slope;
}

OF_REAL Real cubic_gamma(Real theta, Real slope_a, Real slope_b) {
  const Real scale = max(abs(theta), max(abs(slope_a), abs(slope_b)));
  if (scale == Real(0)) return Real(0);
  const Real t = theta / scale;
  return scale * sqrt(max(Real(0), t * t - (slope_a / scale) * (slope_b / scale)));
}

// From b towards a, as a share of the way: where the cubic through both is least.
OF_REAL Real cubic_share(LINE_SEARCH_POINT a, LINE_SEARCH_POINT b) {
  const Real theta = cubic_theta(a, b);
  const Real size = cubic_gamma(theta, a.slope, b.slope);
  const Real gamma = b.step > a.step ? -size : size;
  return ((gamma - b.slope) + theta) / (((gamma - b.slope) + gamma) + a.slope);
}

// The same where the slopes have one sign and the cubic may have no minimum, or have it on the other side; then `nowhere`.
OF_REAL Real cubic_step_beyond(LINE_SEARCH_POINT a, LINE_SEARCH_POINT b, Real nowhere) {
  const Real theta = cubic_theta(a, b);
  const Real size = cubic_gamma(theta, a.slope, b.slope);
  const Real gamma = b.step > a.step ? -size : size;
  const Real share = ((gamma - b.slope) + theta) / ((gamma + (a.slope - b.slope)) + gamma);
  return share < Real(0) && gamma != Real(0) ? b.step + share * (a.step - b.step) : nowhere;
}

// From the slopes alone: where the line through them is 0.
OF_REAL Real secant_step(LINE_SEARCH_POINT a, LINE_SEARCH_POINT b) {
  return b.step + (b.slope / (b.slope - a.slope)) * (a.step - b.step);
}

// Section 4, case 1: the new point is higher, so a minimum lies between.
OF_REAL Real step_when_higher(LINE_SEARCH_POINT best, LINE_SEARCH_POINT now) {
  const Real between = now.step - best.step;
  const Real cubic = best.step + cubic_share(now, best) * between;
  const Real mean_slope = (best.f - now.f) / between;
  const Real quadratic = best.step + best.slope / (mean_slope + best.slope) / Real(2) * between;
  return abs(cubic - best.step) < abs(quadratic - best.step) ? cubic : cubic + (quadratic - cubic) / Real(2);
}

// Case 2: it is lower and the slopes have different signs.
OF_REAL Real step_when_turned(LINE_SEARCH_POINT best, LINE_SEARCH_POINT now) {
  const Real cubic = now.step + cubic_share(best, now) * (best.step - now.step);
  const Real secant = secant_step(best, now);
  return abs(cubic - now.step) > abs(secant - now.step) ? cubic : secant;
}

// Case 3: lower, the slopes of one sign, the new one the flatter.
OF_REAL Real step_when_flatter(LINE_SEARCH search, LINE_SEARCH_POINT best, LINE_SEARCH_POINT other,
                               LINE_SEARCH_POINT now) {
  const bool forward = now.step > best.step;
  const Real cubic = cubic_step_beyond(best, now, forward ? search.most : search.least);
  const Real secant = secant_step(best, now);
  const bool cubic_is_nearer = abs(cubic - now.step) < abs(secant - now.step);
  if (search.bracketed == 0u) {
    const bool cubic_is_farther = abs(cubic - now.step) > abs(secant - now.step);
    return max(search.least, min(search.most, cubic_is_farther ? cubic : secant));
  }
  const Real chosen = cubic_is_nearer ? cubic : secant;
  const Real bound = now.step + Real(0.66) * (other.step - now.step);
  return forward ? min(bound, chosen) : max(bound, chosen);
}

// Case 4: lower, the slopes of one sign, the new one no flatter.
OF_REAL Real step_when_steeper(LINE_SEARCH search, LINE_SEARCH_POINT best, LINE_SEARCH_POINT other,
                               LINE_SEARCH_POINT now) {
  if (search.bracketed != 0u) return now.step + cubic_share(other, now) * (other.step - now.step);
  return now.step > best.step ? search.most : search.least;
}

// Chooses the next step and shrinks the interval. `tilt` is subtracted from every slope, and what it amounts to from every f: the
// auxiliary function ψ of section 2, whose minimum lies where the decrease is sufficient.
OF_REAL void shrink_interval(INOUT(LINE_SEARCH) search, LINE_SEARCH_POINT now, Real tilt) {
  LINE_SEARCH_POINT best = search.best;
  LINE_SEARCH_POINT other = search.other;
  LINE_SEARCH_POINT tilted = now;
  best.f -= best.step * tilt;
  best.slope -= tilt;
  other.f -= other.step * tilt;
  other.slope -= tilt;
  tilted.f -= tilted.step * tilt;
  tilted.slope -= tilt;
  const bool higher = tilted.f > best.f;
  const bool turned = best.slope < Real(0) ? tilted.slope > Real(0) : tilted.slope < Real(0);
  Real step = Real(0);
  if (higher)
    step = step_when_higher(best, tilted);
  else if (turned)
    step = step_when_turned(best, tilted);
  else if (abs(tilted.slope) < abs(best.slope))
    step = step_when_flatter(search, best, other, tilted);
  else
    step = step_when_steeper(search, best, other, tilted);
  if (higher) {
    search.other = now;
  } else {
    if (turned) search.other = search.best;
    search.best = now;
  }
  if (higher || turned) search.bracketed = 1u;
  search.step = step;
}

// A search that is to evaluate `step` first. slope < 0.
OF_REAL LINE_SEARCH begin_search(Real f, Real slope, Real step, LINE_SEARCH_LIMITS limits) {
  LINE_SEARCH search;
  search.start.step = Real(0);
  search.start.f = f;
  search.start.slope = slope;
  search.best = search.start;
  search.other = search.start;
  search.least = Real(0);
  search.most = step + Real(4) * step;
  search.width = limits.greatest;
  search.width_before = Real(2) * limits.greatest;
  search.step = step;
  search.bracketed = 0u;
  search.sufficient = 0u;
  return search;
}

OF_REAL bool interval_is_spent(LINE_SEARCH search, LINE_SEARCH_LIMITS limits) {
  return search.bracketed != 0u && (search.step <= search.least || search.step >= search.most ||
                                    search.most - search.least <= limits.width * search.most);
}

// f and slope are those of search.step. Chooses the next one while the search goes on.
OF_REAL uint search_on(INOUT(LINE_SEARCH) search, Real f, Real slope, LINE_SEARCH_LIMITS limits) {
  const Real tilt = limits.decrease * search.start.slope;
  const Real enough = search.start.f + search.step * tilt;
  if (f <= enough && slope >= Real(0)) search.sufficient = 1u;
  if (f <= enough && abs(slope) <= limits.curvature * -search.start.slope) return kSearchDone;
  if (interval_is_spent(search, limits)) return kSearchCannot;
  if (search.step == limits.greatest && f <= enough && slope <= tilt) return kSearchCannot;
  if (search.step == Real(0)) return kSearchCannot;

  LINE_SEARCH_POINT now;
  now.step = search.step;
  now.f = f;
  now.slope = slope;
  const bool by_auxiliary = search.sufficient == 0u && f <= search.best.f && f > enough;
  shrink_interval(search, now, by_auxiliary ? tilt : Real(0));
  if (search.bracketed != 0u) {
    // An interval that shrinks too slowly is halved.
    const Real width = abs(search.other.step - search.best.step);
    if (width >= Real(0.66) * search.width_before)
      search.step = search.best.step + (search.other.step - search.best.step) / Real(2);
    search.width_before = search.width;
    search.width = width;
    search.least = min(search.best.step, search.other.step);
    search.most = max(search.best.step, search.other.step);
  } else {
    search.least = search.step + Real(1.1) * (search.step - search.best.step);
    search.most = search.step + Real(4) * (search.step - search.best.step);
  }
  search.step = min(max(search.step, Real(0)), limits.greatest);
  if (interval_is_spent(search, limits)) search.step = search.best.step;  // the best there is
  return kSearchGoesOn;
}

IMPASTO_SHARED_END

#undef OF_REAL
#undef LINE_SEARCH
#undef LINE_SEARCH_POINT
#undef LINE_SEARCH_LIMITS
#undef INOUT
#ifndef __cplusplus
#undef Real
#endif

#endif
