// The part of Python's pickle that a state dict of PyTorch needs (opcodes: CPython's Lib/pickletools.py). Nothing is ever called: a class
// is a name out of a short list, and what it would build is only noted down.
#pragma once

#include "network/import/cursor.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::network {

enum class PickleKind {
  none,
  number,  // whole, or True and False as 1 and 0
  real,    // of no use here, and not kept
  text,
  global,      // a known class or function, by "module.name"
  sequence,    // tuple or list
  dictionary,  // dict or OrderedDict; items are key, value, key, value, …
  storage,     // items: what PyTorch's persistent id holds
  tensor,      // items: the arguments of _rebuild_tensor_v2
  mark
};

struct PickleValue {
  PickleKind kind = PickleKind::none;
  int64_t number = 0;
  std::string text;
  std::vector<uint32_t> items;  // indices into PickleResult::values; cycles are possible
};

struct PickleResult {
  std::deque<PickleValue> values;
  uint32_t root = 0;

  const PickleValue& at(uint32_t index) const { return values[index]; }
};

// One pickle, from where the cursor stands to its STOP. Throws Error(input): an opcode, a class or an operation that no state dict has,
// each by its name, or a pickle that contradicts itself.
PickleResult read_pickle(Cursor& cursor);

}  // namespace impasto::network
