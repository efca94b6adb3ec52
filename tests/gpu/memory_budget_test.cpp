// The books against the driver's: what VK_EXT_memory_budget says is free is what a run may hold, and what it holds is what was counted.
#include "catch.h"
#include "session/estimate.h"
#include "session/run.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/picture_file.h"
#include "support/skip.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace impasto::test {
namespace {

// A discrete card that counts what is allocated and has no more than this.
struct Card {
  uint64_t budget = 0;
  std::map<VkDeviceMemory, uint64_t> allocations;
  uint64_t held = 0;
  uint64_t peak = 0;
  vulkan::Functions real{};
};

Card& card() {
  static Card card;
  return card;
}

VKAPI_ATTR VkResult VKAPI_CALL allocate(VkDevice device, const VkMemoryAllocateInfo* info,
                                        const VkAllocationCallbacks* callbacks, VkDeviceMemory* memory) {
  if (info->allocationSize > card().budget - card().held) return VK_ERROR_OUT_OF_DEVICE_MEMORY;
  const VkResult result = card().real.vkAllocateMemory(device, info, callbacks, memory);
  if (result != VK_SUCCESS) return result;
  card().allocations[*memory] = info->allocationSize;
  card().held += info->allocationSize;
  card().peak = std::max(card().peak, card().held);
  return result;
}

VKAPI_ATTR void VKAPI_CALL release(VkDevice device, VkDeviceMemory memory,
                                   const VkAllocationCallbacks* callbacks) {
  card().held -= card().allocations[memory];
  card().allocations.erase(memory);
  card().real.vkFreeMemory(device, memory, callbacks);
}

VKAPI_ATTR void VKAPI_CALL properties_of(VkPhysicalDevice device, VkPhysicalDeviceProperties2* properties) {
  card().real.vkGetPhysicalDeviceProperties2(device, properties);
  properties->properties.deviceType = VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;
}

VKAPI_ATTR void VKAPI_CALL memory_of(VkPhysicalDevice device, VkPhysicalDeviceMemoryProperties2* properties) {
  auto* said =
      static_cast<VkPhysicalDeviceMemoryBudgetPropertiesEXT*>(std::exchange(properties->pNext, nullptr));
  card().real.vkGetPhysicalDeviceMemoryProperties2(device, properties);
  if (said == nullptr) return;
  std::fill(std::begin(said->heapBudget), std::end(said->heapBudget), card().budget);
  std::fill(std::begin(said->heapUsage), std::end(said->heapUsage), card().held);
}

VKAPI_ATTR VkResult VKAPI_CALL extensions_of(VkPhysicalDevice device, const char* layer, uint32_t* count,
                                             VkExtensionProperties* extensions) {
  const auto real = card().real.vkEnumerateDeviceExtensionProperties;
  uint32_t known = 0;
  if (const VkResult result = real(device, layer, &known, nullptr); result != VK_SUCCESS) return result;
  *count = known + 1;
  if (extensions == nullptr) return VK_SUCCESS;
  extensions[known] = {VK_EXT_MEMORY_BUDGET_EXTENSION_NAME, 1};
  return real(device, layer, &known, extensions);
}

template <typename Function>
void replace(Function& pointer, Function& real, Function with) {
  if (pointer == nullptr || pointer == with) return;
  real = std::exchange(pointer, with);
}

vulkan::DeviceOptions card_of(uint64_t budget) {
  card() = {budget, {}, 0, 0, {}};
  vulkan::DeviceOptions options = device_options();
  options.validation = false;  // the layers know that there is no such card
  options.intercept = [](vulkan::Functions& functions) {
    vulkan::Functions& real = card().real;
    replace(functions.vkAllocateMemory, real.vkAllocateMemory, allocate);
    replace(functions.vkFreeMemory, real.vkFreeMemory, release);
    replace(functions.vkGetPhysicalDeviceProperties2, real.vkGetPhysicalDeviceProperties2, properties_of);
    replace(functions.vkGetPhysicalDeviceMemoryProperties2, real.vkGetPhysicalDeviceMemoryProperties2,
            memory_of);
    replace(functions.vkEnumerateDeviceExtensionProperties, real.vkEnumerateDeviceExtensionProperties,
            extensions_of);
  };
  return options;
}

TEST_CASE("free memory is what the driver's budget leaves") {
  IMPASTO_REQUIRE_GPU();
  constexpr uint64_t kBudget = 10 << 20;
  vulkan::Device device(card_of(kBudget));
  REQUIRE(device.caps().type == vulkan::DeviceType::discrete);
  CHECK(device.free_bytes() == kBudget);
  const vulkan::Buffer buffer(device, 3 << 20, vulkan::MemoryKind::device);
  CHECK(device.allocated_bytes() == card().held);
  CHECK(device.free_bytes() == kBudget - card().held);
}

TEST_CASE("a run keeps the driver's budget, and holds what was planned by the driver's count too") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(4);
  folder.write("content.png", small_picture(150, 97, 1));
  Job job = folder.job();
  job.recipe = with_optimizer(job.recipe, OptimizerKind::adam);
  job.precision = Precision::fp32;
  job.iterations = 2;
  const Estimate whole = session::estimate(checked_job(job), card_of(uint64_t{1} << 30));
  REQUIRE(whole.stages[0].tile == 0);
  for (const uint64_t budget : {whole.device_bytes, whole.device_bytes - 1}) {
    Session session = open_session(job, card_of(budget));
    CHECK((session.estimate().stages[0].tile == 0) == (budget == whole.device_bytes));
    while (session.advance()) continue;
    session.snapshot();  // for which everything is brought to the host
    CHECK(card().peak <= budget);
    CHECK(card().peak == session.estimate().device_bytes);
    CHECK(card().peak == session.progress().device_bytes);
  }
}

}  // namespace
}  // namespace impasto::test
