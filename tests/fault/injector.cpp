// Wraps every function of the table in one that counts and may fail.
#include "fault/injector.h"

#include <cassert>
#include <tuple>
#include <type_traits>

namespace impasto::test {
namespace {

using vulkan::Functions;

struct State {
  bool watching = false;
  Functions real;
  std::map<std::string, int, std::less<>> calls;
  std::map<std::string, int> alive;
  std::string failing;
  int countdown = 0;  // calls of `failing` until it fails; 0: it has, or none is to
  VkResult result = VK_SUCCESS;
  VkDevice device = VK_NULL_HANDLE;
  bool lost = false;
};

State& state() {
  static State instance;
  return instance;
}

template <auto Member>
constexpr std::string_view kName;
#define IMPASTO_NAME(name) \
  template <>              \
  constexpr std::string_view kName<&Functions::name> = #name;
IMPASTO_GLOBAL_FUNCTIONS(IMPASTO_NAME)
IMPASTO_INSTANCE_FUNCTIONS(IMPASTO_NAME)
IMPASTO_DEBUG_FUNCTIONS(IMPASTO_NAME)
IMPASTO_DEVICE_FUNCTIONS(IMPASTO_NAME)
#undef IMPASTO_NAME

// "Buffer" of "vkCreateBuffer" with "vkCreate"; empty when the name begins otherwise.
constexpr std::string_view kind_after(std::string_view name, std::string_view prefix) {
  return name.substr(0, prefix.size()) == prefix ? name.substr(prefix.size()) : std::string_view();
}

constexpr std::string_view created_kind(std::string_view name) {
  if (name == "vkAllocateMemory") return "Memory";
  if (name == "vkCreateComputePipelines") return "Pipeline";
  return kind_after(name, "vkCreate");
}

constexpr std::string_view destroyed_kind(std::string_view name) {
  return name == "vkFreeMemory" ? "Memory" : kind_after(name, "vkDestroy");
}

bool fails_when_lost(std::string_view name) {
  return name == "vkQueueSubmit" || name == "vkDeviceWaitIdle" || name == "vkWaitForFences" ||
         name == "vkGetFenceStatus" || name == "vkGetQueryPoolResults";
}

// What the injector answers itself; VK_SUCCESS: it asks the driver.
VkResult verdict(std::string_view name) {
  State& s = state();
  if (s.countdown > 0 && name == s.failing && --s.countdown == 0) {
    // The driver must be done with what a device that is gone would no longer touch.
    if (s.result == VK_ERROR_DEVICE_LOST) s.lost = s.real.vkDeviceWaitIdle(s.device) == VK_SUCCESS;
    return s.result;
  }
  return s.lost && fails_when_lost(name) ? VK_ERROR_DEVICE_LOST : VK_SUCCESS;
}

// What was made is the last argument.
template <typename... Arguments>
void note_creation(std::string_view kind, Arguments... arguments) {
  ++state().alive[std::string(kind)];
  const auto made = std::get<sizeof...(Arguments) - 1>(std::make_tuple(arguments...));
  if constexpr (std::is_same_v<decltype(made), VkDevice* const>) {
    state().device = *made;
    state().lost = false;
  }
}

// What goes is the argument before the allocator, which is last.
template <typename... Arguments>
void note_destruction(std::string_view kind, Arguments... arguments) {
  if (std::get<sizeof...(Arguments) - 2>(std::make_tuple(arguments...)) == VK_NULL_HANDLE) return;
  const auto found = state().alive.find(std::string(kind));
  assert(found != state().alive.end());
  if (--found->second == 0) state().alive.erase(found);
}

template <auto Member, typename Return, typename... Arguments>
VKAPI_ATTR Return VKAPI_CALL wrapped(Arguments... arguments) {
  constexpr std::string_view kFunction = kName<Member>;
  ++state().calls[std::string(kFunction)];
  if constexpr (std::is_same_v<Return, VkResult>) {
    const VkResult injected = verdict(kFunction);
    if (injected != VK_SUCCESS) return injected;
    const VkResult result = (state().real.*Member)(arguments...);
    if constexpr (!created_kind(kFunction).empty())
      if (result == VK_SUCCESS) note_creation(created_kind(kFunction), arguments...);
    return result;
  } else {
    if constexpr (!destroyed_kind(kFunction).empty())
      note_destruction(destroyed_kind(kFunction), arguments...);
    return (state().real.*Member)(arguments...);
  }
}

template <auto Member, typename Return, typename... Arguments>
void wrap(Functions& functions, Return(VKAPI_PTR* pointer)(Arguments...)) {
  const auto wrapper = &wrapped<Member, Return, Arguments...>;
  if (pointer == nullptr || pointer == wrapper) return;
  state().real.*Member = pointer;
  functions.*Member = wrapper;
}

void wrap_all(Functions& functions) {
#define IMPASTO_WRAP(name) wrap<&Functions::name>(functions, functions.name);
  IMPASTO_GLOBAL_FUNCTIONS(IMPASTO_WRAP)
  IMPASTO_INSTANCE_FUNCTIONS(IMPASTO_WRAP)
  IMPASTO_DEBUG_FUNCTIONS(IMPASTO_WRAP)
  IMPASTO_DEVICE_FUNCTIONS(IMPASTO_WRAP)
#undef IMPASTO_WRAP
}

}  // namespace

Injector::Injector() {
  assert(!state().watching);
  state() = State{};
  state().watching = true;
}

Injector::~Injector() {
  state() = State{};
}

std::function<void(Functions&)> Injector::hook() const {
  return wrap_all;
}

void Injector::fail(std::string_view function, int nth, VkResult result) {
  State& s = state();
  s.failing = function;
  s.countdown = nth;
  s.result = result;
}

bool Injector::fired() const {
  return !state().failing.empty() && state().countdown == 0;
}

int Injector::calls(std::string_view function) const {
  const auto found = state().calls.find(function);
  return found == state().calls.end() ? 0 : found->second;
}

std::map<std::string, int> Injector::alive() const {
  return state().alive;
}

}  // namespace impasto::test
