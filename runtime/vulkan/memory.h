// Buffers, each one allocation; and regions of them, which are what a kernel reads and writes.
#pragma once

#include "device.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace impasto::vulkan {

enum class MemoryKind {
  device,    // where the device is fastest; mapped too where it shares the host's memory
  staging,   // host-visible, written by the host
  readback,  // host-visible, cached, read by the host
  host       // the host's, which a device of its own reaches slowly: not counted among what the device holds
};

class Buffer;

constexpr uint64_t kStagingBytes = uint64_t{16} << 20;  // of a transfer to memory that the host cannot see

// A range of a buffer, in bytes. The offset is a multiple of caps.storage_alignment wherever it is bound.
struct Region {
  const Buffer* buffer = nullptr;
  uint64_t offset = 0;
  uint64_t bytes = 0;

  Region part(uint64_t at, uint64_t length) const { return {buffer, offset + at, length}; }
  bool operator==(const Region&) const = default;
};

// One VkBuffer over one VkDeviceMemory of its own, usable as storage, uniform texel buffer and transfer
// source and target.
class Buffer {
 public:
  // bytes > 0. Throws Error when the device has no room.
  Buffer(Device& device, uint64_t bytes, MemoryKind kind);
  ~Buffer();
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&&) = delete;

  VkBuffer handle() const { return buffer_; }
  Device& device() const { return *device_; }
  uint64_t bytes() const { return bytes_; }
  std::byte* mapped() const { return mapped_; }  // null when the host cannot see it
  Region all() const { return {this, 0, bytes_}; }
  void flush() const;       // after the host wrote, before a submission
  void invalidate() const;  // after a submission finished, before the host reads

 private:
  Buffer(Device& device, uint64_t bytes);

  Device* device_;
  VkBuffer buffer_ = VK_NULL_HANDLE;
  VkDeviceMemory memory_ = VK_NULL_HANDLE;
  uint64_t bytes_;
  uint64_t allocated_ = 0;
  std::byte* mapped_ = nullptr;
  bool coherent_ = true;
};

// What a buffer of so many bytes takes of the device's memory, as allocated_bytes() counts it.
uint64_t allocation_bytes(const Device& device, uint64_t bytes);

// What upload() and download() hold for a moment to move so many bytes to or from MemoryKind::device.
uint64_t transfer_bytes(const Device& device, uint64_t bytes);

// Both wait for the queue to be idle before and after; through a staging buffer of at most 16 MiB when the
// region is not mapped.
void upload(const Region& region, std::span<const std::byte> data);
void download(const Region& region, std::span<std::byte> data);

}  // namespace impasto::vulkan
