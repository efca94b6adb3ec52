// Cuts the history of L-BFGS into pieces and pages.
#include "optimizer/lbfgs_plan.h"

#include "impasto/error.h"
#include "optimizer/parameters.h"
#include "optimizer/pieces.h"

#include <algorithm>
#include <numeric>
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

std::vector<uint64_t> LbfgsPlan::buffers() const {
  std::vector<uint64_t> buffers{kParameterBytes, kernels::lbfgs_control_bytes(layout)};
  for (size_t i = 0; i < pieces.size(); ++i) {
    buffers.push_back(pieces[i].pair_bytes());
    for (const LbfgsPage& page : pages[i]) buffers.push_back(pieces[i].pair_bytes() * uint64_t(page.slots));
  }
  return buffers;
}

uint64_t LbfgsPlan::bytes() const {
  const std::vector<uint64_t> each = buffers();
  return std::accumulate(each.begin(), each.end(), uint64_t{0});
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
