// Placement of lifetimes in blocks: greedy, and again where that wastes.
#include "plan/memory_plan.h"

#include "impasto/error.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

namespace impasto::plan {
namespace {

struct Placed {
  Lifetime lifetime;
  uint64_t offset;
};

uint64_t aligned(uint64_t bytes, uint64_t alignment) {
  return (bytes + alignment - 1) / alignment * alignment;
}

bool alive_together(const Lifetime& a, const Lifetime& b) {
  return a.first <= b.last && b.first <= a.last;
}

// The best offset for the lifetime in a block whose values are sorted by offset; nothing when it would pass max_block.
std::optional<uint64_t> offset_in(const std::vector<Placed>& block, const Lifetime& lifetime,
                                  uint64_t alignment, uint64_t max_block) {
  std::optional<uint64_t> best;
  uint64_t best_gap = UINT64_MAX, end = 0;
  for (const Placed& placed : block) {
    if (!alive_together(placed.lifetime, lifetime)) continue;
    const uint64_t start = aligned(end, alignment);
    if (placed.offset >= start + lifetime.bytes && placed.offset - start < best_gap) {
      best = start;
      best_gap = placed.offset - start;
    }
    end = std::max(end, placed.offset + placed.lifetime.bytes);
  }
  if (!best && aligned(end, alignment) + lifetime.bytes <= max_block) best = aligned(end, alignment);
  return best;
}

MemoryPlan placed_in_order(std::span<const Lifetime> lifetimes, const std::vector<size_t>& order,
                           uint64_t alignment, uint64_t max_block) {
  MemoryPlan plan;
  plan.placements.resize(lifetimes.size());
  std::vector<std::vector<Placed>> blocks;
  for (const size_t index : order) {
    const Lifetime& lifetime = lifetimes[index];
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

// When a value's life begins, and the bytes that are alive then.
struct Moment {
  int at;
  uint64_t alive;
};

// The fullest first.
std::vector<Moment> moments(std::span<const Lifetime> lifetimes, uint64_t alignment) {
  std::vector<Moment> moments;
  for (const Lifetime& born : lifetimes) {
    Moment moment{born.first, 0};
    for (const Lifetime& other : lifetimes)
      if (other.first <= moment.at && moment.at <= other.last)
        moment.alive += aligned(other.bytes, alignment);
    moments.push_back(moment);
  }
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.alive > b.alive; });
  return moments;
}

std::vector<size_t> by_breadth(std::span<const Lifetime> lifetimes, const std::vector<Moment>& moments) {
  std::vector<size_t> by_size(lifetimes.size());
  std::iota(by_size.begin(), by_size.end(), size_t{0});
  std::stable_sort(by_size.begin(), by_size.end(),
                   [&](size_t a, size_t b) { return lifetimes[a].bytes > lifetimes[b].bytes; });
  std::vector<size_t> order;
  for (const Moment& moment : moments) {
    const auto alive = std::stable_partition(by_size.begin(), by_size.end(), [&](size_t index) {
      return lifetimes[index].first > moment.at || lifetimes[index].last < moment.at;
    });
    order.insert(order.end(), alive, by_size.end());
    by_size.erase(alive, by_size.end());
  }
  return order;
}

size_t highest(std::span<const Lifetime> lifetimes, const MemoryPlan& plan) {
  size_t highest = 0;
  std::pair<int, uint64_t> most{-1, 0};
  for (size_t i = 0; i < lifetimes.size(); i++) {
    const std::pair end{plan.placements[i].block, plan.placements[i].offset + lifetimes[i].bytes};
    if (end <= most) continue;
    most = end;
    highest = i;
  }
  return highest;
}

// Another round costs tens of microseconds, and a job that is made to fit its budget plans thousands of programs.
constexpr int kRounds = 200;
constexpr uint64_t kSlack = 1024;  // of which one part is not worth a round

}  // namespace

uint64_t MemoryPlan::bytes() const {
  return std::accumulate(block_bytes.begin(), block_bytes.end(), uint64_t{0});
}

MemoryPlan plan_memory(std::span<const Lifetime> lifetimes, uint64_t alignment, uint64_t max_block) {
  for (const Lifetime& lifetime : lifetimes)
    if (lifetime.bytes > max_block)
      throw Error(ErrorKind::budget,
                  "one activation of a picture this large is more than the device allocates at once; use a "
                  "smaller --size");
  if (lifetimes.empty()) return {};
  const std::vector<Moment> fullest = moments(lifetimes, alignment);
  std::vector<size_t> order = by_breadth(lifetimes, fullest);
  MemoryPlan plan = placed_in_order(lifetimes, order, alignment, max_block), best = plan;
  const uint64_t enough = fullest.front().alive + fullest.front().alive / kSlack;
  for (int round = 0; round < kRounds && best.bytes() > enough; round++) {
    const auto worst = std::find(order.begin(), order.end(), highest(lifetimes, plan));
    const auto before = round % 2 == 0 ? order.begin() + (worst - order.begin()) / 2 : order.begin();
    std::rotate(before, worst, worst + 1);
    plan = placed_in_order(lifetimes, order, alignment, max_block);
    if (plan.bytes() < best.bytes()) best = plan;
  }
  return best;
}

}  // namespace impasto::plan
