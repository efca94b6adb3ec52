// What the optimisers' shaders and C++ share: push constants, and the state that stays on the device.
#ifndef IMPASTO_OPTIMIZER_PUSH_H
#define IMPASTO_OPTIMIZER_PUSH_H

#include "common/layout.h"
#include "optimizer/line_search.h"

IMPASTO_SHARED_BEGIN

// The bits of a gradient whose magnitude counts as not finite: at 1e18 its square would soon leave the range of float.
const uint kHugeBits = 0x5d5e0b6bu;

const uint kStepTaken = 0u;
const uint kGradientNotFinite = 1u;   // the step was skipped
const uint kDirectionNotFinite = 2u;  // the step was skipped and L-BFGS begins anew
const uint kNoSlot = 0xffffffffu;
const float kGreatestStep = 1e10f;  // of a line search, until a trial further on was not finite

// The first words of either optimiser's state, which the host may read.
struct OptimizerStatus {
  uint steps;    // taken since the start
  uint skipped;  // not taken, because something was not finite
  uint failing;  // of those, the last in a row
  uint verdict;  // of the last step: kStepTaken, …
  uint pairs;    // in the history of L-BFGS
};

struct AdamState {
  OptimizerStatus status;
  float scale;        // of the learning rate; halved by every step that is not taken
  float power1_high;  // β₁ᵗ = high + low
  float power1_low;
  float power2_high;  // β₂ᵗ
  float power2_low;
  float step_size;  // the last step moved by step_size·m / (root_factor·√v + ε)
  float root_factor;
  uint stepping;  // 0: take no step
  uint undoing;   // 1: take the last one back
};

#ifdef __cplusplus
using Search = LineSearch<float>;
#else
#define Search LineSearch
#endif

struct LbfgsState {
  OptimizerStatus status;
  float scale;       // of the learning rate; halved by every step that is not taken
  uint head;         // the slot that the next pair takes
  uint started;      // 0: the next step is the first one
  uint stepping;     // 0: no new direction in this step
  uint slot;         // that the candidate goes to in this step, or kNoSlot
  float move;        // the variable moves by so many times the candidate's s
  float share;       // of s that is the pair's: the step length that a line search ended with, else 1
  float gamma_high;  // the scale of H₀ = γI, sᵀy / yᵀy of the newest pair
  float gamma_low;
  float norm;  // of the gradient: ‖g‖₁, with a line search ‖g‖₂

  // Of a line search alone.
  uint searching;    // 1: the variable is where the search wants f and its slope
  uint trials;       // evaluated in this search
  uint evaluations;  // of f since the history was empty
  float f;           // where the search began
  float greatest;    // step that it may take
  Search search;
};

struct AdamCheck {
  int elements;  // of this piece
  int first;     // of the flags that this piece writes
};

struct AdamAdvance {
  float beta1_high;
  float beta1_low;
  float beta2_high;
  float beta2_low;
  int flags;
};

struct AdamStep {
  int elements;
  float beta1;
  float beta2;
  float rest1;  // 1 − β₁
  float rest2;  // 1 − β₂
  float epsilon;
  float upper;  // bound of the clamp
};

// Where the parts of L-BFGS's control buffer begin, in vec2 behind its LbfgsState, and how many there are.
struct LbfgsLayout {
  int history;    // slots, m
  int groups;     // partial sums of each inner product, all pieces together
  int sy;         // m × m numbers in two floats: sᵢᵀyⱼ at j·m + i, i not newer than j
  int yy;         // m × m numbers in two floats: yᵢᵀyⱼ at j·m + i
  int dots;       // m times sᵢᵀg, yᵢᵀg
  int pair_sums;  // groups × kPairSums
  int sums;       // groups × m × 4: sᵢᵀg, yᵢᵀg, sᵢᵀy, yᵢᵀy
};                // Before them, at 0: m times the coefficients of sᵢ and yᵢ, then that of g and 0

const int kPairSums = 9;  // lbfgs_pair.comp says which
const float kFlat =
    1e-5f;  // pgtol: no entry of a gradient is larger where a line search has nothing left to find
const int kPairsPerBatch = 4;  // that one workgroup multiplies; lbfgs_products.comp spells them out

struct LbfgsVectors {
  LbfgsLayout parts;
  int elements;     // of this piece
  int quads;        // ⌈elements/4⌉: texels of one vector
  int first_group;  // of this piece
  int first_slot;   // of this page
  int slots;        // in this page
};

struct AverageAdvance {
  float decay;
};

struct AveragePush {
  int elements;  // of this piece
};

struct LbfgsUpdate {
  int elements;
  int quads;
  float upper;  // bound of the clamp
};

IMPASTO_SHARED_END

#endif
