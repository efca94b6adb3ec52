// Push constants of the probes.
#ifndef IMPASTO_PROBE_PUSH_H
#define IMPASTO_PROBE_PUSH_H
#include "common/layout.h"

IMPASTO_SHARED_BEGIN

const int kProbeSums =
    12;  // an invocation's; enough to hide the latency of a multiply-add, few enough for its registers
const int kProbeUnroll = 16;   // multiply-adds of each sum in one step
const int kProbeMatrices = 8;  // a subgroup's

struct ProbePush {
  int steps;
  float factor;
  float addend;
};

IMPASTO_SHARED_END

#endif
