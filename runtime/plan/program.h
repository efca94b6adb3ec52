// A list of operations over named ranges of memory: written down first, given memory second, recorded third.
#pragma once

#include "kernels/library.h"
#include "kernels/tensor.h"
#include "plan/memory_plan.h"

#include <functional>
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
  // Where values ended up, for the operations to look up while they are recorded.
  class Memory {
   public:
    vulkan::Region operator[](Value value) const {
      return value.exists() ? regions_[value.id] : vulkan::Region{};
    }
    kernels::Tensor operator[](const TensorValue& tensor) const {
      return {tensor.shape, regions_[tensor.value.id]};
    }

   private:
    friend class Program;
    std::vector<vulkan::Region> regions_;
  };
  using Record = std::function<void(kernels::Context&, const Memory&)>;

  // Memory that lives from the first to the last operation that uses it.
  Value value(uint64_t bytes);
  TensorValue tensor(const kernels::Shape& shape) { return {value(shape.bytes()), shape}; }

  // Memory that lives as long as the program.
  Value pinned(uint64_t bytes);

  // Memory that someone else owns.
  Value external(const vulkan::Region& region);

  // An operation and every value that it reads or writes; values that do not exist are passed over.
  void add(std::vector<Value> uses, Record record);

  // Bytes that allocate() will ask for.
  uint64_t bytes(const vulkan::Caps& caps) const;

  // Gives every value a place, in buffers owned by the program. Once. caps: the device's own, or lower ones.
  void allocate(vulkan::Device& device, const vulkan::Caps& caps);

  // Where a value ended up. After allocate().
  vulkan::Region region(Value value) const { return memory_[value]; }

  // Records every operation in order. After allocate().
  void record(kernels::Context& context) const;

 private:
  struct Entry {
    uint64_t bytes = 0;
    int first = -1;
    int last = -1;
    vulkan::Region region;  // of an external value
  };
  MemoryPlan memory_plan(const vulkan::Caps& caps) const;

  std::vector<Entry> values_;
  std::vector<Record> operations_;
  Memory memory_;
  std::vector<vulkan::Buffer> buffers_;
};

}  // namespace impasto::plan
