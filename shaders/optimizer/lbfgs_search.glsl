// What L-BFGS-B 3.0 (Zhu, Byrd, Lu & Nocedal 1997; Morales & Nocedal 2011) does between two evaluations while no bound is active, and
// around it a program that calls it again and again with a limit of evaluations, as the Keras example calls scipy's fmin_l_bfgs_b.
// The candidate's s is the direction d of the search, so the slope at the variable is dᵀg.
// Where that code stops, as nothing is left to gain, this one forgets the history and goes on; after a search that failed it begins with
// the short step of a beginning.

const uint kTrials = 20u;                       // of a search, at most (maxls)
const float kGain = 1e7 * 2.220446049250313e-16;  // factr times the precision of a double: a relative gain that is none
const float kDoubleEpsilon = 2.220446049250313e-16;

LineSearchLimits search_limits() {
  LineSearchLimits limits;
  limits.decrease = 1e-3;
  limits.curvature = 0.9;
  limits.width = 0.1;
  limits.greatest = state.greatest;
  return limits;
}

void forget_history() {
  state.status.pairs = 0u;
  state.head = 0u;
  state.started = 0u;
  state.gamma_high = 1.0;
  state.gamma_low = 0.0;
  pairs = 0u;
}

void end_search() {
  state.searching = 0u;
  state.trials = 0u;
}

// The trial at search.step has been evaluated. Whether its point is taken; else the search has moved on or has been given up.
bool judge_trial(float f) {
  Search search = state.search;
  if (state.trials == 0u) search = begin_search(state.f, pair[8].x, search.step, search_limits());
  state.trials += 1u;
  const float step = search.step;
  const uint verdict = search.start.slope < 0.0 ? search_on(search, f, pair[1].x, search_limits()) : kSearchGoesOn;
  state.search = search;
  if (verdict != kSearchGoesOn) return true;
  if (search.start.slope < 0.0 && state.trials < kTrials) {
    state.move = search.step - step;
    return false;
  }
  state.move = -step;
  end_search();
  forget_history();
  return false;
}

void decide_by_search() {
  float f = 0.0;
  for (uint i = 0u; i < kLosses; ++i) f += losses[i];
  const bool trial = state.searching != 0u;
  state.stepping = 0u;
  if (usable == 0u || !finite(f)) {
    usable = 0u;
    refuse_gradient(trial);
    if (trial) state.greatest = 0.5 * state.search.step;
    state.scale = 1.0;  // a search finds its own lengths, up to that
    end_search();
    return;
  }
  state.evaluations += 1u;
  state.status.verdict = kStepTaken;
  state.status.failing = 0u;
  if (trial && !judge_trial(f)) return;

  state.norm = sqrt(pair[6].x);
  const bool level = pair[7].x == 0.0;
  const bool no_gain = trial && state.f - f <= kGain * max(max(abs(state.f), abs(f)), 1.0);
  const bool called_again = trial && kRestart > 0u && state.evaluations > kRestart;
  const float step = state.search.step;
  if (trial) state.greatest = kGreatestStep;
  end_search();
  state.f = f;
  if (level || no_gain || called_again) {
    forget_history();
    state.evaluations = 1u;
  } else if (trial && pair[4].x > 0.0 && finite(pair[4].x) && pair[3].x > kDoubleEpsilon * -pair[8].x) {
    slot = state.head;
    state.share = step;
  }
  state.stepping = level ? 0u : 1u;
}
