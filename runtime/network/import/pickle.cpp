// A stack machine whose values are plain data.
#include "network/import/pickle.h"

#include "base/shown.h"
#include "network/import/refuse.h"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <unordered_map>

namespace impasto::network {
namespace {

constexpr uint64_t kMaxProtocol = 5;
constexpr size_t kMaxValues = 1'000'000;  // a network has hundreds
constexpr size_t kMaxArguments = 16;

// What each known name turns its arguments into when it is called.
struct KnownGlobal {
  std::string_view name;
  PickleKind result;
};

constexpr std::array<KnownGlobal, 9> kGlobals{{{"collections.OrderedDict", PickleKind::dictionary},
                                               {"torch._utils._rebuild_tensor_v2", PickleKind::tensor},
                                               {"torch._utils._rebuild_parameter", PickleKind::tensor},
                                               {"torch.FloatStorage", PickleKind::none},
                                               {"torch.HalfStorage", PickleKind::none},
                                               {"torch.BFloat16Storage", PickleKind::none},
                                               {"torch.DoubleStorage", PickleKind::none},
                                               {"torch.LongStorage", PickleKind::none},
                                               {"torch.IntStorage", PickleKind::none}}};

const KnownGlobal* find_global(std::string_view name) {
  for (const KnownGlobal& known : kGlobals)
    if (known.name == name) return &known;
  return nullptr;
}

class Machine {
 public:
  explicit Machine(Cursor& cursor) : cursor_(cursor) {}

  PickleResult run() {
    while (step(static_cast<uint8_t>(cursor_.number(1)))) continue;
    result_.root = pop();
    if (!stack_.empty()) damaged("ends with more than one value");
    return std::move(result_);
  }

 private:
  [[noreturn]] void damaged(std::string_view what) const {
    refuse_damaged(cursor_.source(),
                   fmt::format("holds a pickle that {} at byte {}", what, cursor_.position()));
  }

  [[noreturn]] void forbidden(const std::string& what) const {
    refuse_unsupported(cursor_.source(),
                       fmt::format("holds a pickle that {}, which no plain state dict does", what));
  }

  PickleValue& value(uint32_t index) { return result_.values[index]; }

  void push(PickleValue value) {
    if (result_.values.size() >= kMaxValues) damaged("has more values than any network");
    stack_.push_back(static_cast<uint32_t>(result_.values.size()));
    result_.values.push_back(std::move(value));
  }
  void push_number(int64_t number) { push({PickleKind::number, number, {}, {}}); }
  void push_text(std::string_view text) { push({PickleKind::text, 0, std::string(text), {}}); }
  void push_items(PickleKind kind, std::vector<uint32_t> items) { push({kind, 0, {}, std::move(items)}); }

  uint32_t pop() {
    if (stack_.empty()) damaged("takes a value that is not there");
    const uint32_t index = stack_.back();
    if (value(index).kind == PickleKind::mark) damaged("takes a mark for a value");
    stack_.pop_back();
    return index;
  }

  uint32_t top() {
    const uint32_t index = pop();
    stack_.push_back(index);
    return index;
  }

  std::vector<uint32_t> pop_several(size_t count) {
    std::vector<uint32_t> items(count);
    for (size_t i = count; i-- > 0;) items[i] = pop();
    return items;
  }

  std::vector<uint32_t> pop_to_mark() {
    size_t begin = stack_.size();
    while (begin > 0 && value(stack_[begin - 1]).kind != PickleKind::mark) --begin;
    if (begin == 0) damaged("has no mark where it needs one");
    std::vector<uint32_t> items(stack_.begin() + static_cast<std::ptrdiff_t>(begin), stack_.end());
    stack_.resize(begin - 1);
    return items;
  }

  void append_items(PickleKind kind, const std::vector<uint32_t>& items) {
    PickleValue& target = value(top());
    if (target.kind != kind || (kind == PickleKind::dictionary && items.size() % 2 != 0))
      damaged("adds values to something that takes none");
    target.items.insert(target.items.end(), items.begin(), items.end());
  }

  void remember(uint64_t key) { memo_[key] = top(); }

  void recall(uint64_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) damaged("recalls a value that it never had");
    stack_.push_back(found->second);
  }

  void push_global(std::string_view module, std::string_view name) {
    const std::string full = fmt::format("{}.{}", module, name);
    if (find_global(full) == nullptr) forbidden(fmt::format("asks for \"{}\"", shown(full)));
    push({PickleKind::global, 0, full, {}});
  }

  void stack_global() {
    const PickleValue& name = value(pop());
    const PickleValue& module = value(pop());
    if (name.kind != PickleKind::text || module.kind != PickleKind::text)
      damaged("names a class by something else than texts");
    push_global(module.text, name.text);
  }

  std::vector<uint32_t> arguments_of(const PickleValue& tuple) const {
    if (tuple.kind != PickleKind::sequence || tuple.items.size() > kMaxArguments)
      damaged("has no arguments where it needs some");
    return tuple.items;
  }

  // Notes down what the call would build.
  void reduce() {
    const std::vector<uint32_t> arguments = arguments_of(value(pop()));
    const PickleValue callable = value(pop());
    const KnownGlobal* known = callable.kind == PickleKind::global ? find_global(callable.text) : nullptr;
    if (known == nullptr) damaged("calls something that is no function");
    if (known->result == PickleKind::none) forbidden(fmt::format("calls \"{}\"", callable.text));
    if (known->result == PickleKind::dictionary) {
      if (!arguments.empty()) forbidden("gives an OrderedDict arguments");
      push_items(PickleKind::dictionary, {});
    } else if (callable.text == "torch._utils._rebuild_parameter") {
      if (arguments.empty() || value(arguments[0]).kind != PickleKind::tensor)
        damaged("makes a parameter of something else than a tensor");
      stack_.push_back(arguments[0]);
    } else {
      push_items(PickleKind::tensor, arguments);
    }
  }

  // Attributes of an OrderedDict ("_metadata") say nothing about tensors.
  void build() {
    pop();
    if (value(top()).kind != PickleKind::dictionary) forbidden("sets the state of an object");
  }

  void persistent_id() { push_items(PickleKind::storage, arguments_of(value(pop()))); }

  void long_number(uint64_t bytes) {
    if (bytes > 8)
      return void(cursor_.skip(bytes)), push({PickleKind::real, 0, {}, {}});  // larger than any size or key
    if (bytes == 0) return push_number(0);
    const uint64_t bits = cursor_.number(static_cast<int>(bytes));
    const int unused = 64 - 8 * static_cast<int>(bytes);
    push_number(static_cast<int64_t>(bits << unused) >> unused);
  }

  // False at STOP.
  bool step(uint8_t opcode) {
    switch (opcode) {
      case 0x80: {  // PROTO
        const uint64_t protocol = cursor_.number(1);
        if (protocol > kMaxProtocol) forbidden(fmt::format("is of protocol {}", protocol));
        return true;
      }
      case 0x95:  // FRAME
        return cursor_.skip(8), true;
      case '.':  // STOP
        return false;
      case '(':  // MARK
        return push({PickleKind::mark, 0, {}, {}}), true;
      case '0':  // POP
        return pop(), true;
      default:
        if (!step_literal(opcode) && !step_container(opcode) && !step_object(opcode))
          forbidden(fmt::format("uses opcode 0x{:02x} at byte {}", opcode, cursor_.position() - 1));
        return true;
    }
  }

  bool step_literal(uint8_t opcode) {
    switch (opcode) {
      case 'N':  // NONE
        return push({}), true;
      case 0x88:  // NEWTRUE
        return push_number(1), true;
      case 0x89:  // NEWFALSE
        return push_number(0), true;
      case 'K':  // BININT1
        return push_number(static_cast<int64_t>(cursor_.number(1))), true;
      case 'M':  // BININT2
        return push_number(static_cast<int64_t>(cursor_.number(2))), true;
      case 'J':  // BININT
        return push_number(static_cast<int32_t>(cursor_.number(4))), true;
      case 0x8a:  // LONG1
        return long_number(cursor_.number(1)), true;
      case 'G':  // BINFLOAT
        return cursor_.skip(8), push({PickleKind::real, 0, {}, {}}), true;
      case 'U':   // SHORT_BINSTRING
      case 0x8c:  // SHORT_BINUNICODE
        return push_text(cursor_.text(cursor_.number(1))), true;
      case 'T':  // BINSTRING
      case 'X':  // BINUNICODE
        return push_text(cursor_.text(cursor_.number(4))), true;
      default:
        return false;
    }
  }

  bool step_container(uint8_t opcode) {
    switch (opcode) {
      case ')':  // EMPTY_TUPLE
      case ']':  // EMPTY_LIST
        return push_items(PickleKind::sequence, {}), true;
      case '}':  // EMPTY_DICT
        return push_items(PickleKind::dictionary, {}), true;
      case 't':  // TUPLE
      case 'l':  // LIST
        return push_items(PickleKind::sequence, pop_to_mark()), true;
      case 0x85:  // TUPLE1
      case 0x86:  // TUPLE2
      case 0x87:  // TUPLE3
        return push_items(PickleKind::sequence, pop_several(opcode - 0x84u)), true;
      case 'a':  // APPEND
        return append_items(PickleKind::sequence, pop_several(1)), true;
      case 'e':  // APPENDS
        return append_items(PickleKind::sequence, pop_to_mark()), true;
      case 's':  // SETITEM
        return append_items(PickleKind::dictionary, pop_several(2)), true;
      case 'u':  // SETITEMS
        return append_items(PickleKind::dictionary, pop_to_mark()), true;
      default:
        return false;
    }
  }

  bool step_object(uint8_t opcode) {
    switch (opcode) {
      case 'q':  // BINPUT
        return remember(cursor_.number(1)), true;
      case 'r':  // LONG_BINPUT
        return remember(cursor_.number(4)), true;
      case 0x94:  // MEMOIZE
        return remember(memo_.size()), true;
      case 'h':  // BINGET
        return recall(cursor_.number(1)), true;
      case 'j':  // LONG_BINGET
        return recall(cursor_.number(4)), true;
      case 'c': {  // GLOBAL
        const std::string_view module = cursor_.text_until('\n');
        return push_global(module, cursor_.text_until('\n')), true;
      }
      case 0x93:  // STACK_GLOBAL
        return stack_global(), true;
      case 'R':  // REDUCE
        return reduce(), true;
      case 'b':  // BUILD
        return build(), true;
      case 'Q':  // BINPERSID
        return persistent_id(), true;
      default:
        return false;
    }
  }

  Cursor& cursor_;
  PickleResult result_;
  std::vector<uint32_t> stack_;
  std::unordered_map<uint64_t, uint32_t> memo_;
};

}  // namespace

PickleResult read_pickle(Cursor& cursor) {
  return Machine(cursor).run();
}

}  // namespace impasto::network
