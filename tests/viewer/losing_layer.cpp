// A Vulkan layer that loses a device which draws as soon as the file that IMPASTO_LOSE names appears: it is removed, and from then on every
// call that can tell of a loss does, as after a crash of the driver.
#include <vulkan/vk_layer.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <string_view>
#include <system_error>

namespace {

struct Device {
  VkDevice handle = VK_NULL_HANDLE;
  PFN_vkGetDeviceProcAddr next = nullptr;
  bool draws = false;
  bool lost = false;
};

std::mutex mutex;  // a layer is called through C functions, so what it knows has no other place
std::map<void*, PFN_vkGetInstanceProcAddr> instances;
std::map<void*, Device> devices;

// The loader's dispatch table, which a device and its queues share.
template <typename Handle>
void* key(Handle handle) {
  return *reinterpret_cast<void**>(handle);
}

template <typename Handle>
Device& device_of(Handle handle) {
  const std::lock_guard lock(mutex);
  return devices.at(key(handle));
}

template <typename Function>
Function next(const Device& device, const char* name) {
  return reinterpret_cast<Function>(device.next(device.handle, name));
}

template <typename Info>
Info* link(const void* chain, VkStructureType type) {
  for (auto* at = const_cast<Info*>(static_cast<const Info*>(chain)); at != nullptr;
       at = const_cast<Info*>(static_cast<const Info*>(at->pNext)))
    if (at->sType == type && at->function == VK_LAYER_LINK_INFO) return at;
  return nullptr;
}

VKAPI_ATTR VkResult VKAPI_CALL create_instance(const VkInstanceCreateInfo* info,
                                               const VkAllocationCallbacks* allocator, VkInstance* instance) {
  auto* chain = link<VkLayerInstanceCreateInfo>(info->pNext, VK_STRUCTURE_TYPE_LOADER_INSTANCE_CREATE_INFO);
  const PFN_vkGetInstanceProcAddr below = chain->u.pLayerInfo->pfnNextGetInstanceProcAddr;
  chain->u.pLayerInfo = chain->u.pLayerInfo->pNext;
  const auto create = reinterpret_cast<PFN_vkCreateInstance>(below(VK_NULL_HANDLE, "vkCreateInstance"));
  const VkResult result = create(info, allocator, instance);
  const std::lock_guard lock(mutex);
  if (result == VK_SUCCESS) instances[key(*instance)] = below;
  return result;
}

VKAPI_ATTR VkResult VKAPI_CALL create_device(VkPhysicalDevice physical, const VkDeviceCreateInfo* info,
                                             const VkAllocationCallbacks* allocator, VkDevice* device) {
  auto* chain = link<VkLayerDeviceCreateInfo>(info->pNext, VK_STRUCTURE_TYPE_LOADER_DEVICE_CREATE_INFO);
  const VkLayerDeviceLink& below = *chain->u.pLayerInfo;
  chain->u.pLayerInfo = below.pNext;
  const auto create = reinterpret_cast<PFN_vkCreateDevice>(
      below.pfnNextGetInstanceProcAddr(VK_NULL_HANDLE, "vkCreateDevice"));
  const VkResult result = create(physical, info, allocator, device);
  if (result != VK_SUCCESS) return result;
  Device made{*device, below.pfnNextGetDeviceProcAddr};
  for (uint32_t i = 0; i < info->enabledExtensionCount; ++i)
    made.draws =
        made.draws || std::string_view(info->ppEnabledExtensionNames[i]) == VK_KHR_SWAPCHAIN_EXTENSION_NAME;
  const std::lock_guard lock(mutex);
  devices[key(*device)] = made;
  return result;
}

VKAPI_ATTR VkResult VKAPI_CALL queue_submit(VkQueue queue, uint32_t count, const VkSubmitInfo* submits,
                                            VkFence fence) {
  Device& device = device_of(queue);
  const char* file = std::getenv("IMPASTO_LOSE");
  std::error_code ignored;
  if (device.draws && file != nullptr && std::filesystem::remove(file, ignored)) {
    next<PFN_vkQueueWaitIdle>(device, "vkQueueWaitIdle")(queue);
    device.lost = true;
  }
  if (device.lost) return VK_ERROR_DEVICE_LOST;
  return next<PFN_vkQueueSubmit>(device, "vkQueueSubmit")(queue, count, submits, fence);
}

VKAPI_ATTR VkResult VKAPI_CALL queue_wait_idle(VkQueue queue) {
  const Device& device = device_of(queue);
  if (device.lost) return VK_ERROR_DEVICE_LOST;
  return next<PFN_vkQueueWaitIdle>(device, "vkQueueWaitIdle")(queue);
}

VKAPI_ATTR VkResult VKAPI_CALL device_wait_idle(VkDevice handle) {
  const Device& device = device_of(handle);
  if (device.lost) return VK_ERROR_DEVICE_LOST;
  return next<PFN_vkDeviceWaitIdle>(device, "vkDeviceWaitIdle")(handle);
}

VKAPI_ATTR VkResult VKAPI_CALL wait_for_fences(VkDevice handle, uint32_t count, const VkFence* fences,
                                               VkBool32 all, uint64_t timeout) {
  const Device& device = device_of(handle);
  if (device.lost) return VK_ERROR_DEVICE_LOST;
  return next<PFN_vkWaitForFences>(device, "vkWaitForFences")(handle, count, fences, all, timeout);
}

VKAPI_ATTR VkResult VKAPI_CALL get_fence_status(VkDevice handle, VkFence fence) {
  const Device& device = device_of(handle);
  if (device.lost) return VK_ERROR_DEVICE_LOST;
  return next<PFN_vkGetFenceStatus>(device, "vkGetFenceStatus")(handle, fence);
}

VKAPI_ATTR VkResult VKAPI_CALL acquire_next_image(VkDevice handle, VkSwapchainKHR swapchain, uint64_t timeout,
                                                  VkSemaphore semaphore, VkFence fence, uint32_t* image) {
  const Device& device = device_of(handle);
  if (device.lost) return VK_ERROR_DEVICE_LOST;
  return next<PFN_vkAcquireNextImageKHR>(device, "vkAcquireNextImageKHR")(handle, swapchain, timeout,
                                                                          semaphore, fence, image);
}

VKAPI_ATTR VkResult VKAPI_CALL queue_present(VkQueue queue, const VkPresentInfoKHR* info) {
  const Device& device = device_of(queue);
  if (device.lost) return VK_ERROR_DEVICE_LOST;
  return next<PFN_vkQueuePresentKHR>(device, "vkQueuePresentKHR")(queue, info);
}

template <typename Function>
PFN_vkVoidFunction as_void(Function function) {
  return reinterpret_cast<PFN_vkVoidFunction>(function);
}

PFN_vkVoidFunction ours(const char* name);

VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL get_device_proc_addr(VkDevice device, const char* name) {
  const PFN_vkVoidFunction found = ours(name);
  return found != nullptr ? found : device_of(device).next(device, name);
}

VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL get_instance_proc_addr(VkInstance instance, const char* name) {
  const PFN_vkVoidFunction found = ours(name);
  if (found != nullptr || instance == VK_NULL_HANDLE) return found;
  PFN_vkGetInstanceProcAddr below = nullptr;
  {
    const std::lock_guard lock(mutex);
    below = instances.at(key(instance));
  }
  return below(instance, name);
}

PFN_vkVoidFunction ours(const char* name) {
  const std::string_view wanted(name);
  if (wanted == "vkCreateInstance") return as_void(create_instance);
  if (wanted == "vkCreateDevice") return as_void(create_device);
  if (wanted == "vkGetInstanceProcAddr") return as_void(get_instance_proc_addr);
  if (wanted == "vkGetDeviceProcAddr") return as_void(get_device_proc_addr);
  if (wanted == "vkQueueSubmit") return as_void(queue_submit);
  if (wanted == "vkQueueWaitIdle") return as_void(queue_wait_idle);
  if (wanted == "vkDeviceWaitIdle") return as_void(device_wait_idle);
  if (wanted == "vkWaitForFences") return as_void(wait_for_fences);
  if (wanted == "vkGetFenceStatus") return as_void(get_fence_status);
  if (wanted == "vkAcquireNextImageKHR") return as_void(acquire_next_image);
  if (wanted == "vkQueuePresentKHR") return as_void(queue_present);
  return nullptr;
}

}  // namespace

extern "C" VK_LAYER_EXPORT VKAPI_ATTR VkResult VKAPI_CALL
vkNegotiateLoaderLayerInterfaceVersion(VkNegotiateLayerInterface* offered) {
  offered->loaderLayerInterfaceVersion = 2;
  offered->pfnGetInstanceProcAddr = get_instance_proc_addr;
  offered->pfnGetDeviceProcAddr = get_device_proc_addr;
  offered->pfnGetPhysicalDeviceProcAddr = nullptr;
  return VK_SUCCESS;
}
