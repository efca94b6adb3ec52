// Finds collisions between byte ranges.
#include "hazards.h"

#include <algorithm>
#include <iterator>

namespace impasto::vulkan {

bool RangeSet::overlaps(const Region& region) const {
  const auto next = ends_.lower_bound({region.buffer, region.offset});
  if (next != ends_.end() && next->first.first == region.buffer &&
      next->first.second < region.offset + region.bytes)
    return true;
  if (next == ends_.begin()) return false;
  const auto before = std::prev(next);
  return before->first.first == region.buffer && before->second > region.offset;
}

void RangeSet::add(const Region& region) {
  uint64_t begin = region.offset;
  uint64_t end = region.offset + region.bytes;
  auto at = ends_.lower_bound({region.buffer, begin});
  if (at != ends_.begin()) {
    const auto before = std::prev(at);
    if (before->first.first == region.buffer && before->second >= begin) at = before;
  }
  while (at != ends_.end() && at->first.first == region.buffer && at->first.second <= end) {
    begin = std::min(begin, at->first.second);
    end = std::max(end, at->second);
    at = ends_.erase(at);
  }
  ends_.emplace(Key{region.buffer, begin}, end);
}

bool HazardTracker::collides(std::span<const Binding> accesses) const {
  return std::any_of(accesses.begin(), accesses.end(), [this](const Binding& access) {
    return writes_.overlaps(access.region) ||
           (access.access != Access::read && reads_.overlaps(access.region));
  });
}

void HazardTracker::add(std::span<const Binding> accesses) {
  for (const Binding& access : accesses) {
    if (access.access != Access::write) reads_.add(access.region);
    if (access.access != Access::read) writes_.add(access.region);
  }
}

void HazardTracker::clear() {
  reads_.clear();
  writes_.clear();
}

}  // namespace impasto::vulkan
