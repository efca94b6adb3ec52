// Opens the chosen device and keeps its books.
#include "device.h"

#include "cache_file.h"
#include "error.h"
#include "features.h"
#include "info.h"
#include "instance.h"
#include "physical.h"

#include <algorithm>
#include <atomic>
#include <cassert>

namespace impasto::vulkan {

struct Device::State {
  explicit State(const DeviceOptions& options) : instance(options), shared(options.shared) {}
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Functions& functions() { return instance.functions(); }
  void open(const DeviceOptions& options);
  void load(const DeviceOptions& options);
  void create_pipeline_cache(const DeviceOptions& options);

  Instance instance;
  PhysicalDevice physical;
  VkPhysicalDeviceMemoryProperties memory{};
  VkDevice device = VK_NULL_HANDLE;
  VkQueue queue = VK_NULL_HANDLE;
  VkPipelineCache pipeline_cache = VK_NULL_HANDLE;
  std::filesystem::path cache_path;
  size_t cache_bytes = 0;  // after loading the file or saving it; 0 without a file
  uint64_t budget = UINT64_MAX;
  bool shared = false;
  Pace pace;
  std::mutex queue_mutex;
  std::atomic<uint64_t> allocated = 0;
  std::atomic<uint64_t> peak = 0;
};

Device::State::~State() {
  if (device == VK_NULL_HANDLE || functions().vkDestroyDevice == nullptr) return;
  if (functions().vkDeviceWaitIdle != nullptr)
    functions().vkDeviceWaitIdle(device);  // a lost device says so at once
  if (pipeline_cache != VK_NULL_HANDLE) functions().vkDestroyPipelineCache(device, pipeline_cache, nullptr);
  functions().vkDestroyDevice(device, nullptr);
}

void Device::State::open(const DeviceOptions& options) {
  const float priority = 1;
  auto queue_info = make_info<VkDeviceQueueCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO);
  queue_info.queueFamilyIndex = physical.queue_family;
  queue_info.queueCount = 1;
  queue_info.pQueuePriorities = &priority;
  std::vector<const char*> extensions;
  for (const std::string& name : options.device_extensions) extensions.push_back(name.c_str());
  if (physical.portability_subset) extensions.push_back("VK_KHR_portability_subset");
  Features features;
  features.core.features.shaderInt64 = physical.caps.int64 ? VK_TRUE : VK_FALSE;
  if (physical.caps.subgroup_control) {
    features.link_subgroups();
    features.subgroups.subgroupSizeControl = features.subgroups.computeFullSubgroups = VK_TRUE;
    extensions.push_back(VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
  }
  if (physical.caps.matrix.exists()) {
    features.link_matrices();
    features.matrices.cooperativeMatrix = VK_TRUE;
    features.memory_model.vulkanMemoryModel = VK_TRUE;
    features.halves.shaderFloat16 = VK_TRUE;
    extensions.insert(extensions.end(), kMatrixExtensions.begin(), kMatrixExtensions.end());
  }
  auto info = make_info<VkDeviceCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO);
  info.pNext = &features.core;
  info.queueCreateInfoCount = 1;
  info.pQueueCreateInfos = &queue_info;
  info.enabledExtensionCount = static_cast<uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  VkDevice opened = VK_NULL_HANDLE;
  check(functions().vkCreateDevice(physical.handle, &info, nullptr, &opened), "vkCreateDevice");
  device = opened;
}

void Device::State::load(const DeviceOptions& options) {
  Functions& f = functions();
#define IMPASTO_LOAD(name) f.name = reinterpret_cast<PFN_##name>(f.vkGetDeviceProcAddr(device, #name));
  IMPASTO_DEVICE_FUNCTIONS(IMPASTO_LOAD)
#undef IMPASTO_LOAD
  if (options.intercept) options.intercept(f);
#define IMPASTO_REQUIRE(name) \
  if (f.name == nullptr) throw Error(VK_ERROR_INITIALIZATION_FAILED, "the Vulkan driver lacks " #name);
  IMPASTO_DEVICE_FUNCTIONS(IMPASTO_REQUIRE)
#undef IMPASTO_REQUIRE
  f.vkGetDeviceQueue(device, physical.queue_family, 0, &queue);
  f.vkGetPhysicalDeviceMemoryProperties(physical.handle, &memory);
}

void Device::State::create_pipeline_cache(const DeviceOptions& options) {
  std::vector<std::byte> data;
  if (!options.cache_directory.empty()) {
    cache_path = cache_file(options.cache_directory, physical.caps);
    data = read_cache_file(cache_path, physical.caps);
  }
  auto info = make_info<VkPipelineCacheCreateInfo>(VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO);
  info.initialDataSize = data.size();
  info.pInitialData = data.data();
  VkPipelineCache cache = VK_NULL_HANDLE;
  check(functions().vkCreatePipelineCache(device, &info, nullptr, &cache), "vkCreatePipelineCache");
  pipeline_cache = cache;
  // Not data.size(): a driver may hold what it loaded in other words (SwiftShader adds a header each time).
  if (!data.empty())
    check(functions().vkGetPipelineCacheData(device, cache, &cache_bytes, nullptr), "vkGetPipelineCacheData");
}

std::vector<Caps> enumerate_devices(const DeviceOptions& options) {
  const Instance instance(options);
  std::vector<Caps> all;
  for (PhysicalDevice& device : find_physical_devices(instance, options).usable)
    all.push_back(std::move(device.caps));
  return all;
}

Device::Device(const DeviceOptions& options) : state_(std::make_unique<State>(options)) {
  const PhysicalDevices devices = find_physical_devices(state_->instance, options);
  state_->physical = devices.usable[choose(devices, options.selector)];
  if (options.memory_budget > 0) state_->budget = options.memory_budget;
  state_->open(options);
  state_->load(options);
  state_->create_pipeline_cache(options);
}

Device::~Device() {
  save_pipeline_cache();
}

const Caps& Device::caps() const {
  return state_->physical.caps;
}
const Functions& Device::functions() const {
  return state_->functions();
}
VkInstance Device::instance() const {
  return state_->instance.handle();
}
VkPhysicalDevice Device::physical() const {
  return state_->physical.handle;
}
VkDevice Device::handle() const {
  return state_->device;
}
VkQueue Device::queue() const {
  return state_->queue;
}
std::unique_lock<std::mutex> Device::lock_queue() const {
  return std::unique_lock(state_->queue_mutex);
}
Pace* Device::pace() const {
  return state_->shared ? &state_->pace : nullptr;
}
uint32_t Device::queue_family() const {
  return state_->physical.queue_family;
}
VkPipelineCache Device::pipeline_cache() const {
  return state_->pipeline_cache;
}
const VkPhysicalDeviceMemoryProperties& Device::memory() const {
  return state_->memory;
}

uint64_t Device::free_bytes() const {
  if (!state_->physical.memory_budget) {
    const uint64_t heap = caps().heap_bytes;
    return heap - std::min<uint64_t>(heap, state_->allocated);
  }
  auto budget = make_info<VkPhysicalDeviceMemoryBudgetPropertiesEXT>(
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT);
  auto properties =
      make_info<VkPhysicalDeviceMemoryProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2);
  properties.pNext = &budget;
  functions().vkGetPhysicalDeviceMemoryProperties2(state_->physical.handle, &properties);
  uint64_t free = 0;
  for (uint32_t i = 0; i < properties.memoryProperties.memoryHeapCount; ++i) {
    const VkMemoryHeap& heap = properties.memoryProperties.memoryHeaps[i];
    if ((heap.flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) == 0 || heap.size != caps().heap_bytes) continue;
    free =
        std::max<uint64_t>(free, budget.heapBudget[i] - std::min(budget.heapBudget[i], budget.heapUsage[i]));
  }
  return free;
}

void Device::save_pipeline_cache() const noexcept {
  if (state_->cache_path.empty()) return;
  try {
    size_t bytes = 0;
    const auto get = functions().vkGetPipelineCacheData;
    if (get(handle(), pipeline_cache(), &bytes, nullptr) != VK_SUCCESS || bytes <= state_->cache_bytes)
      return;
    std::vector<std::byte> data(bytes);
    if (get(handle(), pipeline_cache(), &bytes, data.data()) != VK_SUCCESS) return;
    data.resize(bytes);
    if (write_cache_file(state_->cache_path, caps(), data)) state_->cache_bytes = bytes;
  } catch (const std::exception&) {
    return;  // a cache that is not written only costs time
  }
}

void Device::wait_idle() const {
  const auto lock = lock_queue();
  check(functions().vkDeviceWaitIdle(handle()), "vkDeviceWaitIdle");
}

uint64_t Device::allocated_bytes() const {
  return state_->allocated;
}
uint64_t Device::peak_bytes() const {
  return state_->peak;
}
void Device::forget_peak() {
  state_->peak = state_->allocated.load();
}

void Device::account(int64_t bytes) {
  assert(bytes >= 0 || state_->allocated >= uint64_t(-bytes));
  const uint64_t now = state_->allocated += static_cast<uint64_t>(bytes);
  uint64_t peak = state_->peak;
  while (peak < now && !state_->peak.compare_exchange_weak(peak, now)) continue;
}

void Device::check_budget(uint64_t bytes) const {
  const uint64_t allocated = state_->allocated;
  if (bytes <= state_->budget - std::min(state_->budget, allocated)) return;
  throw Error(VK_ERROR_OUT_OF_DEVICE_MEMORY,
              std::to_string(bytes) + " bytes more than the " + std::to_string(allocated) +
                  " that are allocated would pass the memory budget of " + std::to_string(state_->budget));
}

}  // namespace impasto::vulkan
