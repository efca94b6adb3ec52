// Puts a picture into memory that host and device both see.
#include "draw/picture_buffer.h"

#include "draw/handle.h"

#include <cstring>
#include <memory>
#include <optional>

namespace impasto::viewer {
namespace {

struct Kept {
  NativeDevice device;
  Memory memory;
  Buffer buffer;
};

constexpr VkMemoryPropertyFlags kVisible =
    VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;

// The device's own memory where the host sees it, else the host's.
Memory allocate(const NativeDevice& device, const VkMemoryRequirements& needs) {
  VkPhysicalDeviceMemoryProperties memory{};
  vkGetPhysicalDeviceMemoryProperties(device.physical_device(), &memory);
  for (const VkMemoryPropertyFlags wanted : {kVisible | VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, kVisible})
    for (uint32_t type = 0; type < memory.memoryTypeCount; ++type) {
      const bool fits = (memory.memoryTypes[type].propertyFlags & wanted) == wanted;
      if (!fits || (needs.memoryTypeBits >> type & 1) == 0) continue;
      const VkMemoryAllocateInfo info{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO, nullptr, needs.size, type};
      VkDeviceMemory allocated = VK_NULL_HANDLE;
      if (vkAllocateMemory(device.device(), &info, nullptr, &allocated) == VK_SUCCESS)
        return Memory(device.device(), allocated);
    }
  throw Error(ErrorKind::device, "the device has no memory left to show a picture");
}

}  // namespace

NativePicture upload(const NativeDevice& device, const Image& image) {
  if (image.rgb.empty()) return {};
  VkBufferCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO;
  info.size = image.rgb.size() * sizeof(float);
  info.usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT;
  Buffer buffer = make<Buffer>(device.device(), vkCreateBuffer, info, "vkCreateBuffer");
  VkMemoryRequirements needs{};
  vkGetBufferMemoryRequirements(device.device(), *buffer, &needs);
  Memory memory = allocate(device, needs);
  check(vkBindBufferMemory(device.device(), *buffer, *memory, 0), "vkBindBufferMemory");
  void* mapped = nullptr;
  check(vkMapMemory(device.device(), *memory, 0, VK_WHOLE_SIZE, 0, &mapped), "vkMapMemory");
  std::memcpy(mapped, image.rgb.data(), info.size);
  vkUnmapMemory(device.device(), *memory);
  const VkBuffer handle = *buffer;
  auto kept = std::make_shared<Kept>(Kept{device, std::move(memory), std::move(buffer)});
  return {handle, 0, info.size, image.width, image.height, 1, std::move(kept)};
}

}  // namespace impasto::viewer
