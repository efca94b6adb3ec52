// Turns a program's values into memory and its operations into recorded dispatches.
#include "plan/program.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace impasto::plan {

Value Program::value(uint64_t bytes) {
  assert(bytes > 0);
  values_.push_back({bytes, -1, -1, {}});
  return {static_cast<int>(values_.size()) - 1};
}

Value Program::pinned(uint64_t bytes) {
  assert(bytes > 0);
  values_.push_back({bytes, 0, std::numeric_limits<int>::max(), {}});
  return {static_cast<int>(values_.size()) - 1};
}

Value Program::external(const vulkan::Region& region) {
  values_.push_back({0, -1, -1, region});
  return {static_cast<int>(values_.size()) - 1};
}

void Program::add(std::vector<Value> uses, Record record) {
  const int index = static_cast<int>(operations_.size());
  for (const Value used : uses) {
    if (!used.exists()) continue;
    Entry& entry = values_[used.id];
    if (entry.first < 0) entry.first = index;
    entry.last = std::max(entry.last, index);
  }
  operations_.push_back(std::move(record));
}

MemoryPlan Program::memory_plan(const vulkan::Caps& caps) const {
  std::vector<Lifetime> lifetimes;
  for (const Entry& entry : values_)
    if (!entry.region.buffer && entry.first >= 0) lifetimes.push_back({entry.bytes, entry.first, entry.last});
  return plan_memory(lifetimes, caps.storage_alignment, caps.max_allocation);
}

uint64_t Program::bytes(const vulkan::Caps& caps) const {
  return memory_plan(caps).bytes();
}

void Program::allocate(vulkan::Device& device, const vulkan::Caps& caps) {
  assert(buffers_.empty());
  const MemoryPlan plan = memory_plan(caps);
  buffers_.reserve(plan.block_bytes.size());  // regions point at the buffers
  for (const uint64_t bytes : plan.block_bytes)
    buffers_.emplace_back(device, bytes, vulkan::MemoryKind::device);
  size_t next = 0;
  for (const Entry& entry : values_) {
    vulkan::Region region = entry.region;
    if (!region.buffer && entry.first >= 0) {
      const Placement& placement = plan.placements[next++];
      region = buffers_[placement.block].all().part(placement.offset, entry.bytes);
    }
    memory_.regions_.push_back(region);
  }
}

void Program::record(kernels::Context& context) const {
  for (const Record& operation : operations_) operation(context, memory_);
}

}  // namespace impasto::plan
