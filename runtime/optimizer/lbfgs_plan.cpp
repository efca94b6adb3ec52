// Cuts the history of L-BFGS into pieces and pages.
#include "optimizer/lbfgs_plan.h"

#include "impasto/error.h"
#include "optimizer/parameters.h"
#include "optimizer/pieces.h"

#include <algorithm>
#include <string>

namespace impasto {
namespace {

std::vector<LbfgsPage> pages_of(uint64_t pair_bytes, int history, uint64_t limit) {
  const int most = static_cast<int>(std::min<uint64_t>(limit / pair_bytes, uint64_t(history)));
  std::vector<LbfgsPage> pages;
  for (int first = 0; first < history; first += most)
    pages.push_back({first, std::min(most, history - first)});
  return pages;
}

}  // namespace

uint64_t LbfgsPlan::bytes() const {
  uint64_t sum = kParameterBytes + kernels::lbfgs_control_bytes(layout);
  for (const LbfgsPiece& piece : pieces) sum += piece.pair_bytes() * uint64_t(layout.history + 1);
  return sum;
}

LbfgsPlan plan_lbfgs(const vulkan::Caps& caps, int history, int64_t elements) {
  if (history < 1 || history > kernels::kMaxLbfgsHistory)
    throw Error(ErrorKind::usage, "optimizer.history is " + std::to_string(history) + "; use 1 to " +
                                      std::to_string(kernels::kMaxLbfgsHistory));
  const uint64_t limit = kernels::binding_limit(allocatable(caps));
  LbfgsPlan plan;
  int groups = 0;
  for (const kernels::Span& span : cut_into_pieces(caps, elements)) {
    const LbfgsPiece piece{span, static_cast<int>((span.count + 3) / 4), groups};
    groups += kernels::lbfgs_groups(span.count);
    plan.pages.push_back(pages_of(piece.pair_bytes(), history, limit));
    plan.pieces.push_back(piece);
  }
  plan.layout = kernels::lbfgs_layout(history, groups);
  return plan;
}

}  // namespace impasto
