// Two accesses collide exactly when they overlap and one of them writes.
#include "catch.h"
#include "vulkan/hazards.h"

#include <random>
#include <vector>

namespace {

using namespace impasto::vulkan;

// Never dereferenced; only told apart.
const Buffer* buffer(int index) {
  static const char kPlaces[4] = {};
  return reinterpret_cast<const Buffer*>(&kPlaces[index]);
}

Binding access(int which, uint64_t offset, uint64_t bytes, Access kind) {
  return {{buffer(which), offset, bytes}, kind};
}

bool collide(const Binding& first, const Binding& second) {
  HazardTracker tracker;
  tracker.add({&first, 1});
  return tracker.collides({&second, 1});
}

}  // namespace

TEST_CASE("overlapping accesses collide unless both read") {
  const Access all[] = {Access::read, Access::write, Access::read_write};
  for (const Access first : all)
    for (const Access second : all) {
      const bool expected = first != Access::read || second != Access::read;
      CHECK(collide(access(0, 0, 100, first), access(0, 50, 100, second)) == expected);
      CHECK(collide(access(0, 50, 100, first), access(0, 0, 100, second)) == expected);
      CHECK(collide(access(0, 0, 100, first), access(0, 40, 10, second)) == expected);
      CHECK(collide(access(0, 40, 10, first), access(0, 0, 100, second)) == expected);
    }
}

TEST_CASE("neighbouring ranges and other buffers do not collide") {
  const Binding write = access(1, 100, 100, Access::write);
  CHECK_FALSE(collide(write, access(1, 0, 100, Access::write)));
  CHECK_FALSE(collide(write, access(1, 200, 100, Access::write)));
  CHECK_FALSE(collide(write, access(0, 100, 100, Access::write)));
  CHECK_FALSE(collide(write, access(2, 100, 100, Access::write)));
  CHECK(collide(write, access(1, 199, 1, Access::read)));
  CHECK(collide(write, access(1, 100, 1, Access::read)));
}

TEST_CASE("nothing collides after a barrier") {
  HazardTracker tracker;
  const Binding write = access(0, 0, 100, Access::read_write);
  tracker.add({&write, 1});
  tracker.clear();
  CHECK_FALSE(tracker.collides({&write, 1}));
}

TEST_CASE("merged ranges answer like a list of them") {
  std::mt19937 random(1);
  const auto draw = [&random](uint32_t below) { return random() % below; };
  for (int round = 0; round < 50; ++round) {
    HazardTracker tracker;
    std::vector<Binding> list;
    for (int step = 0; step < 60; ++step) {
      const Binding next =
          access(static_cast<int>(draw(3)), draw(400), 1 + draw(30), static_cast<Access>(draw(3)));
      bool expected = false;
      for (const Binding& earlier : list) expected = expected || collide(earlier, next);
      REQUIRE(tracker.collides({&next, 1}) == expected);
      tracker.add({&next, 1});
      list.push_back(next);
    }
  }
}
