// Turns a program's values into memory and its operations into recorded dispatches.
#include "plan/program.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace impasto::plan {

Value Program::value(uint64_t bytes, const char* what) {
  assert(bytes > 0);
  values_.push_back({bytes, what, -1, -1});
  return {static_cast<int>(values_.size()) - 1};
}

Value Program::pinned(uint64_t bytes, const char* what) {
  assert(bytes > 0);
  values_.push_back({bytes, what, 0, std::numeric_limits<int>::max()});
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
    if (entry.first >= 0) lifetimes.push_back({entry.bytes, entry.first, entry.last});
  return plan_memory(lifetimes, caps.storage_alignment, caps.max_allocation);
}

std::vector<uint64_t> Program::blocks(const vulkan::Caps& caps) const {
  return memory_plan(caps).block_bytes;
}

Footprint Program::fullest() const {
  Footprint fullest;
  uint64_t most = 0;
  for (int at = 0; at < std::max(1, static_cast<int>(operations_.size())); at++) {
    Footprint alive;
    for (const Entry& entry : values_)
      if (entry.first >= 0 && entry.first <= at && at <= entry.last) add_to(alive, entry.what, entry.bytes);
    if (total(alive) <= most) continue;
    most = total(alive);
    fullest = std::move(alive);
  }
  return fullest;
}

std::vector<vulkan::Buffer> allocate_blocks(vulkan::Device& device, const std::vector<uint64_t>& blocks) {
  std::vector<vulkan::Buffer> buffers;
  buffers.reserve(blocks.size());
  for (const uint64_t bytes : blocks) buffers.emplace_back(device, bytes, vulkan::MemoryKind::device);
  return buffers;
}

void Program::place(const std::vector<vulkan::Buffer>& buffers, const vulkan::Caps& caps) {
  assert(memory_.regions_.empty());
  const MemoryPlan plan = memory_plan(caps);
  assert(buffers.size() >= plan.block_bytes.size());
  size_t next = 0;
  for (const Entry& entry : values_) {
    vulkan::Region region;
    if (entry.first >= 0) {
      const Placement& placement = plan.placements[next++];
      region = buffers[size_t(placement.block)].all().part(placement.offset, entry.bytes);
    }
    memory_.regions_.push_back(region);
  }
}

vulkan::Region Program::region(Value value) const {
  if (!value.exists() || !memory_.regions_.empty()) return memory_[value];
  return {nullptr, 0, values_[size_t(value.id)].bytes};
}

void Program::allocate(vulkan::Device& device, const vulkan::Caps& caps) {
  own_ = allocate_blocks(device, blocks(caps));
  place(own_, caps);
}

void Program::record(kernels::Context& context, size_t tile) const {
  Memory memory = memory_;
  memory.tile_ = tile;
  for (const Record& operation : operations_) operation(context, memory);
}

}  // namespace impasto::plan
