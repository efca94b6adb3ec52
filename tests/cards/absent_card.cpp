// Fills in what the driver leaves out without a card, and asks it about every pipeline that it makes.
#include "cards/absent_card.h"

#include "kernels/library.h"
#include "vulkan/error.h"
#include "vulkan/info.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <stdexcept>

namespace impasto::test {
namespace {

using vulkan::Functions;
using vulkan::make_info;

// clang-format off
#define IMPASTO_EXECUTION_FUNCTIONS(X) \
  X(vkDeviceWaitIdle) X(vkQueueSubmit) X(vkCreateFence) X(vkDestroyFence) X(vkResetFences) X(vkWaitForFences) \
  X(vkGetFenceStatus) X(vkCreateCommandPool) X(vkDestroyCommandPool) X(vkAllocateCommandBuffers) \
  X(vkBeginCommandBuffer) X(vkEndCommandBuffer) X(vkCmdBindPipeline) X(vkCmdBindDescriptorSets) \
  X(vkCmdPushConstants) X(vkCmdDispatch) X(vkCmdPipelineBarrier) X(vkCmdCopyBuffer) X(vkCmdFillBuffer)
// clang-format on

constexpr VkDeviceSize kMemory = VkDeviceSize(8) << 30;
constexpr const char* kRadeon = "RADV_FORCE_FAMILY";
constexpr const char* kCards[] = {kRadeon, "INTEL_STUB_GPU_PLATFORM", "NOUVEAU_CHIPSET"};
// As the drivers name them: AMD's, Intel's, NVIDIA's.
constexpr const char* kSpills[] = {"Spilled VGPRs", "Spilled SGPRs",    "Scratch size",
                                   "Spill Count",   "Spills to memory", "SLM size"};

struct State {  // Vulkan's functions carry none
  Functions real;
  std::map<VkShaderModule, std::string> modules;
  std::vector<CompiledKernel> compiled;
};

State& state() {
  static State instance;
  return instance;
}

void give_memory(VkPhysicalDeviceMemoryProperties& memory) {
  memory.memoryHeapCount = memory.memoryTypeCount = 1;
  memory.memoryHeaps[0] = {kMemory, VK_MEMORY_HEAP_DEVICE_LOCAL_BIT};
  memory.memoryTypes[0] = {VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT | VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT |
                               VK_MEMORY_PROPERTY_HOST_COHERENT_BIT,
                           0};
}

VKAPI_ATTR void VKAPI_CALL memory_requirements(VkDevice device, VkBuffer buffer,
                                               VkMemoryRequirements* requirements) {
  state().real.vkGetBufferMemoryRequirements(device, buffer, requirements);
  requirements->memoryTypeBits = 1;
}

VKAPI_ATTR void VKAPI_CALL memory_properties(VkPhysicalDevice device,
                                             VkPhysicalDeviceMemoryProperties* memory) {
  state().real.vkGetPhysicalDeviceMemoryProperties(device, memory);
  give_memory(*memory);
}

VKAPI_ATTR void VKAPI_CALL memory_properties2(VkPhysicalDevice device,
                                              VkPhysicalDeviceMemoryProperties2* memory) {
  state().real.vkGetPhysicalDeviceMemoryProperties2(device, memory);
  give_memory(memory->memoryProperties);
  for (auto* at = static_cast<VkBaseOutStructure*>(memory->pNext); at != nullptr; at = at->pNext) {
    if (at->sType != VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT) continue;
    auto& budget = reinterpret_cast<VkPhysicalDeviceMemoryBudgetPropertiesEXT&>(*at);
    for (VkDeviceSize& heap : budget.heapBudget) heap = kMemory;
    for (VkDeviceSize& heap : budget.heapUsage) heap = 0;
  }
}

VKAPI_ATTR VkResult VKAPI_CALL create_device(VkPhysicalDevice physical, const VkDeviceCreateInfo* info,
                                             const VkAllocationCallbacks* allocator, VkDevice* device) {
  auto feature = make_info<VkPhysicalDevicePipelineExecutablePropertiesFeaturesKHR>(
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PIPELINE_EXECUTABLE_PROPERTIES_FEATURES_KHR);
  feature.pipelineExecutableInfo = VK_TRUE;
  feature.pNext = const_cast<void*>(info->pNext);
  VkDeviceCreateInfo with_statistics = *info;
  with_statistics.pNext = &feature;
  return state().real.vkCreateDevice(physical, &with_statistics, allocator, device);
}

// Nothing is recorded or run: without a card the driver would call functions that it does not have. Handles stay null.
template <typename Return, typename... Arguments>
VKAPI_ATTR Return VKAPI_CALL nothing(Arguments...) {
  return Return();
}

template <typename Return, typename... Arguments>
void leave_out(Return(VKAPI_PTR*& pointer)(Arguments...)) {
  if (pointer != nullptr) pointer = nothing<Return, Arguments...>;
}

void leave_out_execution(Functions& functions) {
#define IMPASTO_LEAVE_OUT(name) leave_out(functions.name);
  IMPASTO_EXECUTION_FUNCTIONS(IMPASTO_LEAVE_OUT)
#undef IMPASTO_LEAVE_OUT
}

VKAPI_ATTR VkResult VKAPI_CALL create_module(VkDevice device, const VkShaderModuleCreateInfo* info,
                                             const VkAllocationCallbacks* allocator, VkShaderModule* module) {
  const VkResult result = state().real.vkCreateShaderModule(device, info, allocator, module);
  for (const kernels::Shader& shader : kernels::shaders())
    if (shader.code.data() == info->pCode) state().modules[*module] = shader.name;
  return result;
}

CompiledKernel inspect(VkDevice device, VkPipeline pipeline, std::string name) {
  const auto get = reinterpret_cast<PFN_vkGetPipelineExecutableStatisticsKHR>(
      state().real.vkGetDeviceProcAddr(device, "vkGetPipelineExecutableStatisticsKHR"));
  auto info = make_info<VkPipelineExecutableInfoKHR>(VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INFO_KHR);
  info.pipeline = pipeline;
  uint32_t count = 0;
  get(device, &info, &count, nullptr);
  std::vector<VkPipelineExecutableStatisticKHR> statistics(
      count,
      make_info<VkPipelineExecutableStatisticKHR>(VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_STATISTIC_KHR));
  get(device, &info, &count, statistics.data());
  CompiledKernel kernel{std::move(name), {}};
  for (const VkPipelineExecutableStatisticKHR& statistic : statistics)
    kernel.statistics[statistic.name] = statistic.value.u64;
  return kernel;
}

VKAPI_ATTR VkResult VKAPI_CALL create_pipelines(VkDevice device, VkPipelineCache, uint32_t count,
                                                const VkComputePipelineCreateInfo* infos,
                                                const VkAllocationCallbacks* allocator,
                                                VkPipeline* pipelines) {
  for (uint32_t i = 0; i < count; ++i) {
    VkComputePipelineCreateInfo info = infos[i];
    info.flags |= VK_PIPELINE_CREATE_CAPTURE_STATISTICS_BIT_KHR;
    const VkResult result =
        state().real.vkCreateComputePipelines(device, VK_NULL_HANDLE, 1, &info, allocator, &pipelines[i]);
    if (result != VK_SUCCESS) return result;
    state().compiled.push_back(inspect(device, pipelines[i], state().modules.at(info.stage.module)));
  }
  return VK_SUCCESS;
}

template <typename Pointer>
void replace(Pointer& pointer, Pointer& real, Pointer replacement) {
  if (pointer == nullptr || pointer == replacement) return;
  real = pointer;
  pointer = replacement;
}

// The driver for AMD's cards has none without one.
void intercept_memory(Functions& functions) {
  Functions& real = state().real;
  replace(functions.vkGetPhysicalDeviceMemoryProperties, real.vkGetPhysicalDeviceMemoryProperties,
          memory_properties);
  replace(functions.vkGetPhysicalDeviceMemoryProperties2, real.vkGetPhysicalDeviceMemoryProperties2,
          memory_properties2);
  replace(functions.vkGetBufferMemoryRequirements, real.vkGetBufferMemoryRequirements, memory_requirements);
}

void intercept(Functions& functions) {
  Functions& real = state().real;
  if (functions.vkGetDeviceProcAddr != nullptr) real.vkGetDeviceProcAddr = functions.vkGetDeviceProcAddr;
  if (std::getenv(kRadeon) != nullptr) intercept_memory(functions);
  replace(functions.vkCreateDevice, real.vkCreateDevice, create_device);
  leave_out_execution(functions);
  replace(functions.vkCreateShaderModule, real.vkCreateShaderModule, create_module);
  replace(functions.vkCreateComputePipelines, real.vkCreateComputePipelines, create_pipelines);
}

}  // namespace

bool has_absent_card() {
  const auto named = [](const char* variable) { return std::getenv(variable) != nullptr; };
  if (std::none_of(std::begin(kCards), std::end(kCards), named)) return false;
  try {
    const std::vector<vulkan::Caps> devices = vulkan::enumerate_devices();
    return devices.size() == 1 && !devices[0].software();
  } catch (const vulkan::Error&) {
    return false;
  }
}

vulkan::DeviceOptions absent_card_options() {
  vulkan::DeviceOptions options;
  options.intercept = intercept;
  options.device_extensions = {VK_KHR_PIPELINE_EXECUTABLE_PROPERTIES_EXTENSION_NAME};
  return options;
}

uint64_t spilled(const CompiledKernel& kernel) {
  uint64_t sum = 0;
  int known = 0;
  for (const char* what : kSpills) {
    const auto found = kernel.statistics.find(what);
    if (found == kernel.statistics.end()) continue;
    sum += found->second;
    known++;
  }
  if (known == 0) throw std::runtime_error("this driver does not say what it spills");
  return sum;
}

const std::vector<CompiledKernel>& compiled_kernels() {
  return state().compiled;
}

}  // namespace impasto::test
