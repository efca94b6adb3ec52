// Remembers what was read and written since the last barrier and says when the next command needs one.
#pragma once

#include "recorder.h"

#include <map>
#include <span>
#include <utility>

namespace impasto::vulkan {

// Ranges of buffers, merged where they touch, so that a lookup costs the logarithm of their number.
class RangeSet {
 public:
  bool overlaps(const Region& region) const;
  void add(const Region& region);
  void clear() { ends_.clear(); }

 private:
  using Key = std::pair<const Buffer*, uint64_t>;  // the buffer and where the range begins
  std::map<Key, uint64_t> ends_;
};

class HazardTracker {
 public:
  // Whether a command with these accesses must wait for an earlier one: it reads or writes what was written,
  // or writes what was read. The bindings of one command do not collide with each other.
  bool collides(std::span<const Binding> accesses) const;
  void add(std::span<const Binding> accesses);
  void clear();

 private:
  RangeSet reads_;
  RangeSet writes_;
};

}  // namespace impasto::vulkan
