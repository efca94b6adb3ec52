// Greedy placement of lifetimes in blocks.
#include "plan/memory_plan.h"

#include "impasto/error.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace impasto::plan {
namespace {

struct Placed {
  Lifetime lifetime;
  uint64_t offset;
};

bool alive_together(const Lifetime& a, const Lifetime& b) {
  return a.first <= b.last && b.first <= a.last;
}

// The best offset for the lifetime in a block whose values are sorted by offset; nothing when it would pass max_block.
std::optional<uint64_t> offset_in(const std::vector<Placed>& block, const Lifetime& lifetime,
                                  uint64_t alignment, uint64_t max_block) {
  const auto aligned = [&](uint64_t at) { return (at + alignment - 1) / alignment * alignment; };
  std::optional<uint64_t> best;
  uint64_t best_gap = UINT64_MAX, end = 0;
  for (const Placed& placed : block) {
    if (!alive_together(placed.lifetime, lifetime)) continue;
    const uint64_t start = aligned(end);
    if (placed.offset >= start + lifetime.bytes && placed.offset - start < best_gap) {
      best = start;
      best_gap = placed.offset - start;
    }
    end = std::max(end, placed.offset + placed.lifetime.bytes);
  }
  if (!best && aligned(end) + lifetime.bytes <= max_block) best = aligned(end);
  return best;
}

}  // namespace

uint64_t MemoryPlan::bytes() const {
  return std::accumulate(block_bytes.begin(), block_bytes.end(), uint64_t{0});
}

MemoryPlan plan_memory(std::span<const Lifetime> lifetimes, uint64_t alignment, uint64_t max_block) {
  std::vector<size_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return lifetimes[a].bytes > lifetimes[b].bytes; });

  MemoryPlan plan;
  plan.placements.resize(lifetimes.size());
  std::vector<std::vector<Placed>> blocks;
  for (const size_t index : order) {
    const Lifetime& lifetime = lifetimes[index];
    if (lifetime.bytes > max_block)
      throw Error(ErrorKind::budget,
                  "one activation of a picture this large is more than the device allocates at once; use a "
                  "smaller --size");
    for (size_t b = 0;; b++) {
      if (b == blocks.size()) {
        blocks.emplace_back();
        plan.block_bytes.push_back(0);
      }
      const std::optional<uint64_t> offset = offset_in(blocks[b], lifetime, alignment, max_block);
      if (!offset) continue;
      const auto after = std::find_if(blocks[b].begin(), blocks[b].end(),
                                      [&](const Placed& placed) { return placed.offset > *offset; });
      blocks[b].insert(after, {lifetime, *offset});
      plan.placements[index] = {static_cast<int>(b), *offset};
      plan.block_bytes[b] = std::max(plan.block_bytes[b], *offset + lifetime.bytes);
      break;
    }
  }
  return plan;
}

}  // namespace impasto::plan
