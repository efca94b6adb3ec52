// Copies between the host's memory and a region, whatever memory the region lies in.
#include "memory.h"
#include "queue.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace impasto::vulkan {
namespace {

void run_copy(Device& device, const Region& from, const Region& to) {
  Recorder recorder(device);
  recorder.copy(from, to);
  const Recording recording = recorder.finish();
  Queue queue(device, 1);
  queue.wait(queue.submit(recording));
}

void wait_idle(Device& device) {
  Queue queue(device, 1);
  queue.wait(queue.mark());
}

}  // namespace

void upload(const Region& region, std::span<const std::byte> data) {
  assert(data.size() <= region.bytes && region.offset + region.bytes <= region.buffer->bytes());
  if (data.empty()) return;
  Device& device = region.buffer->device();
  wait_idle(device);
  if (std::byte* mapped = region.buffer->mapped()) {
    std::memcpy(mapped + region.offset, data.data(), data.size());
    region.buffer->flush();
    return;
  }
  const Buffer staging(device, std::min<uint64_t>(data.size(), kStagingBytes), MemoryKind::staging);
  for (uint64_t at = 0; at < data.size(); at += staging.bytes()) {
    const uint64_t bytes = std::min<uint64_t>(staging.bytes(), data.size() - at);
    std::memcpy(staging.mapped(), data.data() + at, bytes);
    staging.flush();
    run_copy(device, staging.all().part(0, bytes), region.part(at, bytes));
  }
}

void download(const Region& region, std::span<std::byte> data) {
  assert(data.size() <= region.bytes && region.offset + region.bytes <= region.buffer->bytes());
  if (data.empty()) return;
  Device& device = region.buffer->device();
  wait_idle(device);
  if (const std::byte* mapped = region.buffer->mapped()) {
    region.buffer->invalidate();
    std::memcpy(data.data(), mapped + region.offset, data.size());
    return;
  }
  const Buffer staging(device, std::min<uint64_t>(data.size(), kStagingBytes), MemoryKind::readback);
  for (uint64_t at = 0; at < data.size(); at += staging.bytes()) {
    const uint64_t bytes = std::min<uint64_t>(staging.bytes(), data.size() - at);
    run_copy(device, region.part(at, bytes), staging.all().part(0, bytes));
    staging.invalidate();
    std::memcpy(data.data() + at, staging.mapped(), bytes);
  }
}

}  // namespace impasto::vulkan
