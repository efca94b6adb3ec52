// A list of operations over named ranges of memory: written down first, given memory second, recorded third.
#pragma once

#include "kernels/library.h"
#include "kernels/tensor.h"
#include "plan/footprint.h"
#include "plan/memory_plan.h"

#include <functional>
#include <string>
#include <vector>

namespace impasto::plan {

// A range of memory of a program; its place is known once the program has memory.
struct Value {
  int id = -1;
  bool exists() const { return id >= 0; }
};

// A value that holds a tensor.
struct TensorValue {
  Value value;
  kernels::Shape shape;
};

class Program {
 public:
  // Where values ended up, and which tile is meant, for the operations to look up while they are recorded.
  class Memory {
   public:
    vulkan::Region operator[](Value value) const {
      return value.exists() ? regions_[value.id] : vulkan::Region{};
    }
    kernels::Tensor operator[](const TensorValue& tensor) const {
      return {tensor.shape, regions_[tensor.value.id]};
    }
    size_t tile() const { return tile_; }

   private:
    friend class Program;
    std::vector<vulkan::Region> regions_;
    size_t tile_ = 0;
  };
  using Record = std::function<void(kernels::Context&, const Memory&)>;

  // Memory that lives from the first to the last operation that uses it. what: a string literal, a line of the footprint.
  Value value(uint64_t bytes, const char* what);
  TensorValue tensor(const kernels::Shape& shape) { return {value(shape.bytes(), kFeatures), shape}; }

  // Memory that lives as long as the program.
  Value pinned(uint64_t bytes, const char* what);

  // An operation and every value that it reads or writes; values that do not exist are passed over.
  void add(std::vector<Value> uses, Record record);

  // Bytes of the blocks of memory that hold the values. caps: the device's own, or lower ones.
  std::vector<uint64_t> blocks(const vulkan::Caps& caps) const;

  // What is held while the most is alive.
  Footprint fullest() const;

  // Gives every value a place in buffers at least as large as blocks(caps), which must outlive the program. Once.
  void place(const std::vector<vulkan::Buffer>& buffers, const vulkan::Caps& caps);

  // The same in buffers of its own.
  void allocate(vulkan::Device& device, const vulkan::Caps& caps);

  // Where a value ended up; before place() it has its size and no buffer.
  vulkan::Region region(Value value) const;

  // Records every operation in order. After place().
  void record(kernels::Context& context, size_t tile = 0) const;

 private:
  struct Entry {
    uint64_t bytes = 0;
    const char* what = "";
    int first = -1;
    int last = -1;
  };
  MemoryPlan memory_plan(const vulkan::Caps& caps) const;

  std::vector<Entry> values_;
  std::vector<Record> operations_;
  Memory memory_;
  std::vector<vulkan::Buffer> own_;
};

// One buffer for each block.
std::vector<vulkan::Buffer> allocate_blocks(vulkan::Device& device, const std::vector<uint64_t>& blocks);

}  // namespace impasto::plan
