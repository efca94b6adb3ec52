// Plans every stage of a job and adds up.
#include "session/estimate.h"

#include "base/platform_memory.h"
#include "impasto/error.h"
#include "network/installed.h"
#include "optimizer/optimizer.h"
#include "plan/cost.h"
#include "session/edge.h"
#include "session/engine.h"
#include "session/rates.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace impasto {
namespace session {
namespace {

constexpr uint64_t kPixelBytes = 12;

uint64_t pixels_of(const Size& size) {
  return uint64_t(size.width) * uint64_t(size.height);
}

PictureSizes stage_sizes(const Job& job, const Stage& stage, const PictureSizes& files) {
  PictureSizes sizes{scaled_size(files.content, stage.size, stage.side), {}};
  for (const Size& style : files.styles) sizes.styles.push_back(style_size(job, stage, sizes.content, style));
  return sizes;
}

void check_sizes(const plan::DeviceNetwork& network, const Recipe& recipe, const PictureSizes& sizes) {
  plan::check_size(network, recipe, sizes.content.height, sizes.content.width, "the content");
  for (const Size& style : sizes.styles)
    plan::check_size(network, recipe, style.height, style.width, "the style");
}

uint64_t picture_bytes(const PictureSizes& sizes) {
  uint64_t pixels = pixels_of(sizes.content);
  for (const Size& style : sizes.styles) pixels += pixels_of(style);
  return pixels * kPixelBytes;
}

// Pictures as decoded and as resized; the start, the recovery point with the optimiser's state, and the copy that is on its way.
uint64_t host_bytes(const PictureSizes& files, const PictureSizes& stage, uint64_t optimizer_bytes) {
  return picture_bytes(files) + picture_bytes(stage) + 3 * pixels_of(stage.content) * kPixelBytes +
         optimizer_bytes;
}

// What is left for the device; where it shares the host's memory, what the system has left, whatever the heap says.
uint64_t free_bytes(const vulkan::Device& device) {
  const uint64_t available = platform::available_memory();
  switch (device.caps().type) {
    case vulkan::DeviceType::software:
      return device.allocated_bytes() > UINT64_MAX - available ? available
                                                               : available + device.allocated_bytes();
    case vulkan::DeviceType::integrated:
      return std::min(available, device.free_bytes() + device.allocated_bytes());
    default:
      return device.free_bytes() + device.allocated_bytes();
  }
}

bool shares_memory(const vulkan::Caps& caps) {
  return caps.software() || caps.type == vulkan::DeviceType::integrated;
}

// What a job may hold whose pictures take so much of the host.
MemoryLimits limits_of(const Job& job, const vulkan::Caps& caps, uint64_t free, uint64_t host) {
  const bool shared = shares_memory(caps);
  const uint64_t left = shared ? free - std::min(free, host) : free;
  const uint64_t available = platform::available_memory();
  return {job.memory_budget == kFreeMemory ? left : std::min(left, job.memory_budget),
          shared ? left : available - std::min(available, host), shared};
}

// Nothing was done to make it fit.
bool is_as_asked(const Estimate& estimate, const Job& job) {
  return std::all_of(estimate.stages.begin(), estimate.stages.end(), [&](const StageEstimate& stage) {
    return (stage.tile == job.tile || stage.tile == 0) && !stage.optimizer_on_host;
  });
}

uint64_t whole_bytes(const Estimate& estimate) {
  uint64_t most = 0;
  for (const StageEstimate& stage : estimate.stages) most = std::max(most, stage.whole_bytes);
  return most;
}

void check_host_memory(uint64_t needed) {
  const uint64_t available = platform::available_memory();
  if (needed <= available) return;
  throw Error(ErrorKind::budget,
              fmt::format("the job's pictures need {} bytes of memory and {} are free; use a "
                          "smaller --size",
                          needed, available));
}

Estimate estimate_in(Precision precision, const Job& job, const PictureSizes& sizes,
                     const vulkan::Device& device, const network::Network& stored,
                     const std::vector<StageLayout>& before) {
  const plan::DeviceNetwork network(device.caps(), stored, depth_of(stored, job.recipe),
                                    element_of(precision));
  const vulkan::Caps& caps = device.caps();
  Estimate estimate;
  estimate.device = caps.name;
  estimate.model = network.title();
  estimate.precision = precision;
  estimate.free_bytes = free_bytes(device);
  double flops = 0, most_flops = 0;
  for (const Stage& stage : job_stages(job, std::max(sizes.content.width, sizes.content.height))) {
    const PictureSizes at = stage_sizes(job, stage, sizes);
    check_sizes(network, job.recipe, at);
    const uint64_t kept = optimizer_bytes(caps, job.recipe.optimizer, int64_t(pixels_of(at.content)) * 3);
    const uint64_t host = host_bytes(sizes, at, kept);
    check_host_memory(host);
    const MemoryLimits limits = limits_of(job, caps, estimate.free_bytes, host);
    estimate.budget_bytes = limits.device;
    const size_t index = estimate.stages.size();
    const StageLayout* first = index < before.size() ? &before[index] : nullptr;
    const StagePlan plan =
        fit_stage(device, network, job.recipe, at, job.tile, limits, Purpose::iterations, first);
    estimate.stages.push_back({at.content.width, at.content.height, stage.iterations, plan.layout.tiling.side,
                               plan.layout.tiling.deep_side, plan.layout.tiling.parting,
                               plan.layout.optimizer_on_host, plan.device_bytes, plan.whole_bytes,
                               plan.memory});
    estimate.device_bytes = std::max(estimate.device_bytes, plan.device_bytes);
    estimate.host_bytes = std::max(estimate.host_bytes, host + plan.host_bytes);
    const double iteration_flops =
        plan::iteration_flops(network, job.recipe, at.content.height, at.content.width, plan.layout.tiling);
    flops += stage.iterations * iteration_flops;
    most_flops = std::max(most_flops, iteration_flops);
  }
  if (const double rate = known_rate(cache_directory(), caps, rate_name(estimate), most_flops); rate > 0)
    estimate.seconds = flops / rate;
  return estimate;
}

}  // namespace

MemoryLimits free_memory(const vulkan::Device& device) {
  return {free_bytes(device), platform::available_memory(), shares_memory(device.caps())};
}

std::string rate_name(const Estimate& estimate) {
  return estimate.model + ", " + precision_text(element_of(estimate.precision));
}

PictureSizes job_sizes(const Job& job) {
  PictureSizes sizes;
  const auto size_of_file = [](const std::filesystem::path& file) {
    const PictureSize size = read_size(file);
    return Size{size.width, size.height};
  };
  sizes.content = size_of_file(job.content);
  for (const StyleInput& style : job.styles) sizes.styles.push_back(size_of_file(style.file));
  return sizes;
}

// In tiles there is room enough for fp32, whose gradient they have to rounding; so fp16 is for what it fits whole, or else nothing does.
Estimate estimate(const Job& job, const PictureSizes& sizes, const vulkan::Device& device,
                  const network::Network& network, const std::vector<StageLayout>& before) {
  const auto in = [&](Precision precision) {
    return estimate_in(precision, job, sizes, device, network, before);
  };
  if (job.precision != Precision::automatic) return in(job.precision);
  std::optional<Estimate> fp32;
  try {
    fp32 = in(Precision::fp32);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::budget) throw;
  }
  if (fp32 && is_as_asked(*fp32, job)) return *fp32;
  Estimate fp16 = in(Precision::fp16);
  if (fp32 && !is_as_asked(fp16, job)) return *fp32;
  fp16.fp32_bytes = fp32 ? whole_bytes(*fp32) : 0;
  return fp16;
}

Estimate estimate(const Job& job, const vulkan::DeviceOptions& options) {
  return at_edge([&] {
    const network::Network network(network::find_model(job.model).file);
    const PictureSizes sizes = job_sizes(job);
    const vulkan::Device device(options);
    return estimate(job, sizes, device, network);
  });
}

}  // namespace session

Estimate estimate(const Job& job) {
  return session::at_edge([&] {
    const Job checked = checked_job(job);
    return session::estimate(checked, session::device_options(checked.device));
  });
}

}  // namespace impasto
