// Places values in a few blocks of memory so that those that are never alive together overlap.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace impasto::plan {

// A range of memory that is needed from operation `first` to operation `last`, both included.
struct Lifetime {
  uint64_t bytes = 0;
  int first = 0;
  int last = 0;
};

struct Placement {
  int block = 0;
  uint64_t offset = 0;  // bytes
};

struct MemoryPlan {
  std::vector<Placement> placements;  // one for each lifetime, in order
  std::vector<uint64_t> block_bytes;
  uint64_t bytes() const;
};

// Each value goes to the smallest gap, among the values alive at the same time, that holds it, those first that are alive when the most
// is (Pisarchyk & Lee, arXiv:2001.03288, "greedy by breadth"). While that takes a thousandth more than is ever alive at once, the value
// that ends highest goes half way to the front of that order or, in turn, to the front, and all are placed anew, up to a bound ("squeaky
// wheel", Joslin & Clements, JAIR 10, 1999); what takes least is returned.
// Offsets are multiples of alignment; no block is larger than max_block. Throws Error(budget) when one value alone is larger.
MemoryPlan plan_memory(std::span<const Lifetime> lifetimes, uint64_t alignment, uint64_t max_block);

}  // namespace impasto::plan
