// Adds up what a stage allocates, in the order in which it does.
#include "session/stage_plan.h"

#include "impasto/error.h"
#include "kernels/report.h"
#include "optimizer/average.h"
#include "optimizer/optimizer.h"
#include "plan/cost.h"
#include "vulkan/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace impasto::session {
namespace {

constexpr uint64_t kStateBytes = 16;
constexpr int kTileSides[] = {4096, 3072, 2048, 1536, 1024, 768, 512, 384, 256, 192, 128, 64};
constexpr int kDeepTileSides[] = {kMaxImageSide, 8192, 4096, 2048, 1024, 512, 256, 128};
constexpr double kMebibyte = 1 << 20;
constexpr int64_t kMostTiles = 5000;  // more take longer to record than to wait for

// A report's words: at most a total for each layer, TV and the temporal loss, the squared norm of the gradient, and two counts of steps.
int most_report_words(const Recipe& recipe) {
  return static_cast<int>(recipe.content_layers.size() + recipe.style_layers.size()) + 5;
}

int64_t elements_of(const Size& size) {
  return int64_t{size.width} * size.height * 3;
}

uint64_t picture_bytes(const Size& size) {
  return uint64_t(elements_of(size)) * sizeof(float);
}

int64_t tiles_of(const Size& size, int side) {
  return int64_t{(size.width + side - 1) / side} * ((size.height + side - 1) / side);
}

// Operations that a device does while it fetches a byte of the host's memory: 10 TFLOP/s over 16 GB/s, about. Where the two share
// their memory nothing is saved by it, but a budget may be kept.
double flops_per_host_byte(const MemoryLimits& limits) {
  return limits.shared ? 1e12 : 600;
}

// Tiles of this side, with the deep layers whole, in larger tiles of their own, or in the same. earliest: the first pooling that may part.
std::vector<plan::Tiling> tilings_of(int side, int longest, int earliest) {
  std::vector<plan::Tiling> tilings;
  for (int parting = earliest; parting < plan::kMostParting; parting++)
    tilings.push_back({side, kMaxImageSide, parting});
  for (const int deep : kDeepTileSides)
    if (deep > side && (deep < longest || deep == kMaxImageSide)) tilings.push_back({side, deep});
  tilings.push_back({side, 0});
  return tilings;
}

// From the least work to the most, which is about from the one that holds most to the one that holds least.
std::vector<StageLayout> layouts_to_try(const vulkan::Caps& caps, const plan::DeviceNetwork& network,
                                        const Recipe& recipe, const PictureSizes& sizes, int tile,
                                        const MemoryLimits& limits, Purpose purpose) {
  const Size& size = sizes.content;
  const int longest = std::max(size.width, size.height);
  std::vector<plan::Tiling> tilings;
  if (tile == kAutomaticTile || tile >= longest) tilings.push_back({});
  if (tile == kAutomaticTile) {
    for (const int side : kTileSides)
      if (side < longest && tiles_of(size, side) <= kMostTiles)
        for (const plan::Tiling& tiling : tilings_of(side, longest, 1)) tilings.push_back(tiling);
  } else if (tile < longest) {
    tilings = tilings_of(tile, longest, plan::kMostParting);
  }
  const double fetched = 2.0 * double(optimizer_bytes(caps, recipe.optimizer, elements_of(size)));
  std::vector<std::pair<double, StageLayout>> layouts;
  for (const plan::Tiling& tiling : tilings) {
    const double work = plan::iteration_flops(network, recipe, size.height, size.width, tiling);
    layouts.push_back({work, {tiling, false}});
    if (purpose == Purpose::iterations)
      layouts.push_back({work + fetched * flops_per_host_byte(limits), {tiling, true}});
  }
  std::stable_sort(layouts.begin(), layouts.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<StageLayout> sorted;
  sorted.reserve(layouts.size());
  for (const auto& [work, layout] : layouts) sorted.push_back(layout);
  return sorted;
}

// 0 when the device cannot do that.
uint64_t bytes_whole(const vulkan::Device& device, const plan::DeviceNetwork& network, const Recipe& recipe,
                     const PictureSizes& sizes, Purpose purpose) {
  try {
    return plan_stage(device, network, recipe, sizes, {}, purpose).device_bytes;
  } catch (const Error&) {
    return 0;
  }
}

}  // namespace

ReportBytes report_bytes(const Recipe& recipe) {
  const int words = most_report_words(recipe);
  return {kStateBytes, uint64_t(words) * sizeof(float), kernels::report_bytes(words, kRingSlots)};
}

StagePlan plan_stage(const vulkan::Device& device, const plan::DeviceNetwork& network, const Recipe& recipe,
                     const PictureSizes& sizes, const StageLayout& layout, Purpose purpose) {
  const vulkan::Caps& caps = device.caps();
  const plan::Rounding rounding = [&](uint64_t bytes) { return vulkan::allocation_bytes(device, bytes); };
  const bool iterates = purpose == Purpose::iterations;
  StagePlan stage;
  stage.layout = layout;
  plan::add_to(stage.memory, plan::kWeights, plan::sum_of(network.blocks(caps), rounding));
  const ReportBytes reports = report_bytes(recipe);
  if (iterates)
    plan::add_to(stage.memory, plan::kReports,
                 plan::sum_of({reports.state, reports.report, reports.ring}, rounding));
  const uint64_t always = plan::total(stage.memory);

  for (const Size& style : sizes.styles) {
    const plan::Footprint statistics =
        plan::style_footprint(caps, network, recipe, style.height, style.width, layout.tiling.side, rounding);
    stage.device_bytes = std::max(
        stage.device_bytes, always + plan::total(statistics) + transfer_bytes(device, picture_bytes(style)));
  }
  const plan::Objective objective(caps, network, recipe, sizes.content.height, sizes.content.width,
                                  layout.tiling);
  plan::add_to(stage.memory, objective.footprint(rounding));
  uint64_t largest = picture_bytes(sizes.content);
  if (iterates) {
    std::vector<uint64_t> buffers = optimizer_buffers(caps, recipe.optimizer, objective.elements());
    if (layout.optimizer_on_host) {
      stage.host_bytes = plan::sum_of({buffers.begin() + kOptimizerControls, buffers.end()}, rounding);
      buffers.resize(kOptimizerControls);
    }
    plan::add_to(stage.memory, plan::kOptimizer, plan::sum_of(buffers, rounding));
    largest = std::max(largest, *std::max_element(buffers.begin(), buffers.end()));
    if (recipe.optimizer.average > 0)
      plan::add_to(stage.memory, plan::kAverage,
                   plan::sum_of(Average::buffers_for(objective.elements()), rounding));
  }
  stage.device_bytes =
      std::max(stage.device_bytes, plan::total(stage.memory) + transfer_bytes(device, largest));
  return stage;
}

StagePlan fit_stage(const vulkan::Device& device, const plan::DeviceNetwork& network, const Recipe& recipe,
                    const PictureSizes& sizes, int tile, const MemoryLimits& limits, Purpose purpose,
                    const StageLayout* first) {
  const uint64_t whole_bytes = bytes_whole(device, network, recipe, sizes, purpose);
  uint64_t least = UINT64_MAX;
  std::string reason;
  const auto fits = [&](StagePlan& plan, const StageLayout& layout) {
    try {
      plan = plan_stage(device, network, recipe, sizes, layout, purpose);
    } catch (const Error& error) {
      reason = error.what();
      return false;
    }
    plan.whole_bytes = whole_bytes;
    least = std::min(least, plan.device_bytes);
    const uint64_t host =
        limits.shared ? limits.host - std::min(limits.host, plan.device_bytes) : limits.host;
    return plan.device_bytes <= limits.device && plan.host_bytes <= host;
  };
  StagePlan plan;
  if (first != nullptr && fits(plan, *first)) return plan;
  for (const StageLayout& layout :
       layouts_to_try(device.caps(), network, recipe, sizes, tile, limits, purpose))
    if (fits(plan, layout)) return plan;
  if (least == UINT64_MAX) throw Error(ErrorKind::budget, reason);
  throw Error(
      ErrorKind::budget,
      fmt::format(
          "{}x{} pixels need at least {:.1f} MiB of device memory{} and {:.1f} MiB may be used; use a "
          "smaller --size{}",
          sizes.content.width, sizes.content.height, double(least) / kMebibyte,
          tile == kAutomaticTile ? ", even in tiles," : "", double(limits.device) / kMebibyte,
          recipe.optimizer.kind == OptimizerKind::lbfgs && purpose == Purpose::iterations
              ? ", a shorter --history or --optimizer adam"
              : ""));
}

}  // namespace impasto::session
