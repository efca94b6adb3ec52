// Where the vectors of L-BFGS go: pieces of the elements that fit a binding, and for each of them pages of whole pairs that do.
#pragma once

#include "kernels/lbfgs.h"
#include "kernels/spans.h"

#include <vector>

namespace impasto {

struct LbfgsPage {
  int first_slot = 0;
  int slots = 0;
};

struct LbfgsPiece {
  kernels::Span span;
  int quads = 0;  // texels of one vector
  int first_group = 0;

  uint64_t pair_bytes() const { return uint64_t(quads) * 32; }
};

struct LbfgsPlan {
  shared::LbfgsLayout layout{};
  std::vector<LbfgsPiece> pieces;
  std::vector<std::vector<LbfgsPage>> pages;  // of each piece

  std::vector<uint64_t> buffers() const;  // bytes of each, the parameters included
  uint64_t bytes() const;                 // of all
};

// Throws Error(usage) when the history is not within 1 … kMaxLbfgsHistory.
LbfgsPlan plan_lbfgs(const vulkan::Caps& caps, int history, int64_t elements);

}  // namespace impasto
