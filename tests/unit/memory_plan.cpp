// Placement of lifetimes in blocks of memory.
#include "plan/memory_plan.h"

#include "catch.h"
#include "impasto/error.h"
#include "support/picture_file.h"
#include "support/random.h"

#include <algorithm>
#include <vector>

namespace impasto::test {
namespace {

using plan::Lifetime;
using plan::MemoryPlan;

bool alive(const Lifetime& value, int at) {
  return value.first <= at && at <= value.last;
}

uint64_t most_alive(const std::vector<Lifetime>& values) {
  uint64_t most = 0;
  for (const Lifetime& born : values) {
    uint64_t sum = 0;
    for (const Lifetime& value : values)
      if (alive(value, born.first)) sum += value.bytes;
    most = std::max(most, sum);
  }
  return most;
}

// That values have their place in a block, apart from all that are alive with them.
void check_placements(const std::vector<Lifetime>& values, const MemoryPlan& plan, uint64_t alignment,
                      uint64_t max_block) {
  REQUIRE(plan.placements.size() == values.size());
  for (const uint64_t bytes : plan.block_bytes) CHECK(bytes <= max_block);
  for (size_t a = 0; a < values.size(); a++) {
    const plan::Placement& place = plan.placements[a];
    CHECK(place.offset % alignment == 0);
    CHECK(place.offset + values[a].bytes <= plan.block_bytes.at(size_t(place.block)));
    for (size_t b = 0; b < a; b++) {
      const plan::Placement& other = plan.placements[b];
      const bool together = alive(values[a], values[b].first) || alive(values[b], values[a].first);
      if (!together || other.block != place.block) continue;
      const bool apart =
          place.offset + values[a].bytes <= other.offset || other.offset + values[b].bytes <= place.offset;
      CHECK(apart);
    }
  }
}

TEST_CASE("values that are alive together never overlap, whatever they are") {
  Random random(GENERATE(1u, 2u, 3u, 4u, 5u));
  constexpr uint64_t kAlignment = 64, kMaxBlock = 8000;
  std::vector<Lifetime> values;
  for (int i = 0; i < 120; i++) {
    const int first = random.below(50);
    values.push_back({uint64_t(1 + random.below(4000)), first, first + random.below(10)});
  }
  const MemoryPlan plan = plan::plan_memory(values, kAlignment, kMaxBlock);
  check_placements(values, plan, kAlignment, kMaxBlock);
  CHECK(plan.block_bytes.size() > 1);
  CHECK(plan.bytes() >= most_alive(values));
  CHECK(plan.bytes() < 2 * most_alive(values));
}

TEST_CASE("the values of a tile of VGG-19 take what is alive at once, in whatever order they come") {
  // Features, blocks of them and gradients of the layers up to the third pooling, in MiB. Placed by size alone they take two fifths more.
  std::vector<Lifetime> values{{17, 0, 1},    {270, 1, 4},   {270, 2, 3},   {68, 3, 7},   {256, 4, 5},
                               {256, 5, 6},   {270, 6, 32},  {135, 7, 10},  {135, 8, 9},  {34, 9, 13},
                               {128, 10, 11}, {128, 11, 12}, {135, 12, 29}, {68, 13, 18}, {68, 14, 15},
                               {68, 15, 16},  {68, 16, 17},  {17, 17, 17},  {64, 18, 19}, {64, 19, 20},
                               {68, 20, 26},  {17, 21, 22},  {68, 22, 23},  {68, 23, 24}, {68, 24, 25},
                               {135, 27, 28}, {34, 26, 27},  {270, 30, 31}, {68, 29, 30}, {17, 32, 33}};
  if (GENERATE(false, true)) std::reverse(values.begin(), values.end());
  const MemoryPlan plan = plan::plan_memory(values, 1, 2048);
  check_placements(values, plan, 1, 2048);
  CHECK(plan.bytes() == most_alive(values));
}

TEST_CASE("blocks are as large as a device allows, and a value that is larger is refused") {
  const MemoryPlan plan =
      plan::plan_memory(std::vector<Lifetime>{{600, 0, 1}, {600, 0, 1}, {400, 1, 2}}, 1, 1000);
  CHECK(plan.bytes() == 1600);
  CHECK(plan.block_bytes.size() == 2);
  CHECK(plan::plan_memory({}, 1, 1000).block_bytes.empty());
  const std::vector<Lifetime> large{{1001, 0, 1}};
  CHECK_THAT(refusal(ErrorKind::budget, [&] { plan::plan_memory(large, 1, 1000); }), contains("--size"));
}

}  // namespace
}  // namespace impasto::test
