// Allocates buffers, trying memory types from the best down.
#include "memory.h"

#include "error.h"
#include "info.h"
#include "texel_sizes.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace impasto::vulkan {
namespace {

constexpr VkMemoryPropertyFlags kLocal = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
constexpr VkMemoryPropertyFlags kVisible = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT;
constexpr VkMemoryPropertyFlags kCoherent = VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
constexpr VkMemoryPropertyFlags kCached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT;

// Types that need a feature we do not enable, or that a buffer cannot have.
constexpr VkMemoryPropertyFlags kNever =
    VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT | VK_MEMORY_PROPERTY_PROTECTED_BIT |
    VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD | VK_MEMORY_PROPERTY_DEVICE_UNCACHED_BIT_AMD;

struct Wish {
  VkMemoryPropertyFlags with;
  VkMemoryPropertyFlags without = 0;
};

bool shares_memory(const Caps& caps) {
  return caps.type == DeviceType::software || caps.type == DeviceType::integrated;
}

std::vector<Wish> wishes(const Caps& caps, MemoryKind kind) {
  switch (kind) {
    case MemoryKind::device:
      if (shares_memory(caps)) return {{kLocal | kVisible | kCoherent}, {kLocal}};
      return {{kLocal, kVisible}, {kLocal}};
    case MemoryKind::staging:
      return {{kVisible | kCoherent, kLocal}, {kVisible | kCoherent}, {kVisible}};
    case MemoryKind::readback:
      return {{kVisible | kCoherent | kCached}, {kVisible | kCached}, {kVisible | kCoherent}, {kVisible}};
    case MemoryKind::host:
      return {
          {kVisible | kCoherent | kCached, kLocal}, {kVisible | kCoherent, kLocal}, {kVisible | kCoherent}};
  }
  return {};
}

// Every type that may do, best first, each once. Device memory comes from the host only where there is no
// other.
std::vector<uint32_t> candidates(const Device& device, uint32_t allowed, MemoryKind kind) {
  const VkPhysicalDeviceMemoryProperties& memory = device.memory();
  std::vector<uint32_t> types;
  const auto add = [&](const Wish& wish) {
    for (uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
      const VkMemoryPropertyFlags flags = memory.memoryTypes[i].propertyFlags;
      const bool suits = (flags & wish.with) == wish.with && (flags & (wish.without | kNever)) == 0;
      if ((allowed >> i & 1) == 0 || !suits || std::find(types.begin(), types.end(), i) != types.end())
        continue;
      types.push_back(i);
    }
  };
  for (const Wish& wish : wishes(device.caps(), kind)) add(wish);
  if (types.empty() && kind == MemoryKind::device) add({0});
  return types;
}

VkBuffer create_buffer(const Device& device, uint64_t bytes) {
  auto info = make_info<VkBufferCreateInfo>(VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO);
  info.size = buffer_bytes(device.caps(), bytes);
  info.usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT |
               VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
  info.sharingMode = VK_SHARING_MODE_EXCLUSIVE;
  VkBuffer buffer = VK_NULL_HANDLE;
  check(device.functions().vkCreateBuffer(device.handle(), &info, nullptr, &buffer), "vkCreateBuffer");
  return buffer;
}

VkMemoryRequirements requirements_of(const Device& device, VkBuffer buffer) {
  VkMemoryRequirements requirements{};
  device.functions().vkGetBufferMemoryRequirements(device.handle(), buffer, &requirements);
  return requirements;
}

// The requirements of a buffer that nobody keeps.
VkMemoryRequirements requirements_of(const Device& device, uint64_t bytes) {
  const VkBuffer buffer = create_buffer(device, bytes);
  const VkMemoryRequirements requirements = requirements_of(device, buffer);
  device.functions().vkDestroyBuffer(device.handle(), buffer, nullptr);
  return requirements;
}

bool is_mapped(const Device& device, MemoryKind kind, uint32_t type) {
  const VkMemoryPropertyFlags flags = device.memory().memoryTypes[type].propertyFlags;
  return kind != MemoryKind::device || (shares_memory(device.caps()) && (flags & kVisible) != 0);
}

struct Allocation {
  VkDeviceMemory memory = VK_NULL_HANDLE;
  uint32_t type = 0;
};

Allocation allocate(const Device& device, const VkMemoryRequirements& requirements, MemoryKind kind) {
  VkResult result = VK_ERROR_OUT_OF_DEVICE_MEMORY;
  for (const uint32_t type : candidates(device, requirements.memoryTypeBits, kind)) {
    auto info = make_info<VkMemoryAllocateInfo>(VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO);
    info.allocationSize = requirements.size;
    info.memoryTypeIndex = type;
    VkDeviceMemory memory = VK_NULL_HANDLE;
    result = device.functions().vkAllocateMemory(device.handle(), &info, nullptr, &memory);
    if (result == VK_SUCCESS) return {memory, type};
    if (result != VK_ERROR_OUT_OF_DEVICE_MEMORY) break;
  }
  throw Error(result, "vkAllocateMemory of " + std::to_string(requirements.size) +
                          " bytes failed: " + result_name(result));
}

}  // namespace

Buffer::Buffer(Device& device, uint64_t bytes, MemoryKind kind) : Buffer(device, bytes) {
  const Functions& functions = device.functions();
  if (bytes > device.caps().max_allocation)
    throw Error(VK_ERROR_OUT_OF_DEVICE_MEMORY, "a buffer of " + std::to_string(bytes) +
                                                   " bytes is larger than this device can allocate at once");
  buffer_ = create_buffer(device, bytes);
  const VkMemoryRequirements requirements = requirements_of(device, buffer_);
  const uint64_t counted = kind == MemoryKind::host ? 0 : requirements.size;
  device.check_budget(counted);
  const Allocation allocation = allocate(device, requirements, kind);
  memory_ = allocation.memory;
  allocated_ = counted;
  device.account(static_cast<int64_t>(allocated_));
  check(functions.vkBindBufferMemory(device.handle(), buffer_, memory_, 0), "vkBindBufferMemory");

  if (!is_mapped(device, kind, allocation.type)) return;
  coherent_ = (device.memory().memoryTypes[allocation.type].propertyFlags & kCoherent) != 0;
  void* address = nullptr;
  check(functions.vkMapMemory(device.handle(), memory_, 0, VK_WHOLE_SIZE, 0, &address), "vkMapMemory");
  mapped_ = static_cast<std::byte*>(address);
}

uint64_t allocation_bytes(const Device& device, uint64_t bytes) {
  return requirements_of(device, bytes).size;
}

uint64_t transfer_bytes(const Device& device, uint64_t bytes) {
  constexpr auto kind = MemoryKind::device;
  const uint32_t type = candidates(device, requirements_of(device, bytes).memoryTypeBits, kind).at(0);
  return is_mapped(device, kind, type) ? 0 : allocation_bytes(device, std::min(bytes, kStagingBytes));
}

// The public constructor delegates to this one, so that the destructor runs when it throws.
Buffer::Buffer(Device& device, uint64_t bytes) : device_(&device), bytes_(bytes) {}

Buffer::~Buffer() {
  const Functions& functions = device_->functions();
  if (buffer_ != VK_NULL_HANDLE) functions.vkDestroyBuffer(device_->handle(), buffer_, nullptr);
  if (memory_ == VK_NULL_HANDLE) return;
  functions.vkFreeMemory(device_->handle(), memory_, nullptr);  // unmaps
  device_->account(-static_cast<int64_t>(allocated_));
}

Buffer::Buffer(Buffer&& other) noexcept
    : device_(other.device_),
      buffer_(std::exchange(other.buffer_, VK_NULL_HANDLE)),
      memory_(std::exchange(other.memory_, VK_NULL_HANDLE)),
      bytes_(other.bytes_),
      allocated_(std::exchange(other.allocated_, 0)),
      mapped_(std::exchange(other.mapped_, nullptr)),
      coherent_(other.coherent_) {}

void Buffer::flush() const {
  if (mapped_ == nullptr || coherent_) return;
  const VkMappedMemoryRange range{VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE, nullptr, memory_, 0, VK_WHOLE_SIZE};
  check(device_->functions().vkFlushMappedMemoryRanges(device_->handle(), 1, &range),
        "vkFlushMappedMemoryRanges");
}

void Buffer::invalidate() const {
  if (mapped_ == nullptr || coherent_) return;
  const VkMappedMemoryRange range{VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE, nullptr, memory_, 0, VK_WHOLE_SIZE};
  check(device_->functions().vkInvalidateMappedMemoryRanges(device_->handle(), 1, &range),
        "vkInvalidateMappedMemoryRanges");
}

}  // namespace impasto::vulkan
