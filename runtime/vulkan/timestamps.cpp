// Writes and reads timestamps.
#include "timestamps.h"

#include "error.h"
#include "info.h"

#include <algorithm>

namespace impasto::vulkan {
namespace {

constexpr uint32_t kPairsPerPool = 128;

struct Stamp {
  uint64_t ticks;
  uint64_t available;
};

void book(std::vector<KindTime>& times, const char* kind, double milliseconds) {
  auto entry =
      std::find_if(times.begin(), times.end(), [kind](const KindTime& time) { return time.kind == kind; });
  if (entry == times.end()) entry = times.insert(times.end(), KindTime{kind, 0, 0});
  entry->milliseconds += milliseconds;
  ++entry->calls;
}

}  // namespace

Timestamps::~Timestamps() {
  for (VkQueryPool pool : pools_) device_->functions().vkDestroyQueryPool(device_->handle(), pool, nullptr);
}

void Timestamps::add_pool(VkCommandBuffer command) {
  auto info = make_info<VkQueryPoolCreateInfo>(VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO);
  info.queryType = VK_QUERY_TYPE_TIMESTAMP;
  info.queryCount = 2 * kPairsPerPool;
  pools_.reserve(pools_.size() + 1);  // so that a made pool is never lost
  VkQueryPool pool = VK_NULL_HANDLE;
  check(device_->functions().vkCreateQueryPool(device_->handle(), &info, nullptr, &pool),
        "vkCreateQueryPool");
  pools_.push_back(pool);
  device_->functions().vkCmdResetQueryPool(command, pool, 0, info.queryCount);
}

void Timestamps::begin(VkCommandBuffer command, const char* kind) {
  if (kinds_.size() == pools_.size() * kPairsPerPool) add_pool(command);
  kinds_.push_back(kind);
  const auto query = static_cast<uint32_t>((kinds_.size() - 1) % kPairsPerPool * 2);
  device_->functions().vkCmdWriteTimestamp(command, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, pools_.back(),
                                           query);
}

void Timestamps::end(VkCommandBuffer command) {
  const auto query = static_cast<uint32_t>((kinds_.size() - 1) % kPairsPerPool * 2 + 1);
  device_->functions().vkCmdWriteTimestamp(command, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, pools_.back(),
                                           query);
}

bool Timestamps::collect(std::vector<KindTime>& times) const {
  auto kind = kinds_.begin();
  for (VkQueryPool pool : pools_) {
    const auto pairs = static_cast<uint32_t>(std::min<ptrdiff_t>(kinds_.end() - kind, kPairsPerPool));
    if (!collect(pool, kind, pairs, times)) return false;
    kind += pairs;
  }
  return true;
}

bool Timestamps::collect(VkQueryPool pool, std::vector<const char*>::const_iterator kind, uint32_t pairs,
                         std::vector<KindTime>& times) const {
  std::vector<Stamp> stamps(size_t{2} * pairs);
  const VkResult result = device_->functions().vkGetQueryPoolResults(
      device_->handle(), pool, 0, 2 * pairs, stamps.size() * sizeof(Stamp), stamps.data(), sizeof(Stamp),
      VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WITH_AVAILABILITY_BIT);
  if (result == VK_NOT_READY) return false;
  check(result, "vkGetQueryPoolResults");
  const uint32_t bits = device_->caps().timestamp_bits;
  const uint64_t mask = bits >= 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  for (size_t i = 0; i < stamps.size(); i += 2, ++kind) {
    if (stamps[i].available == 0 || stamps[i + 1].available == 0) return false;
    const uint64_t ticks =
        (stamps[i + 1].ticks - stamps[i].ticks) & mask;  // right even when the counter wrapped
    book(times, *kind, static_cast<double>(ticks) * device_->caps().timestamp_period * 1e-6);
  }
  return true;
}

}  // namespace impasto::vulkan
