// Adds up what a stage allocates, in the order in which it does.
#include "session/stage_plan.h"

#include "impasto/error.h"
#include "kernels/report.h"
#include "optimizer/average.h"
#include "optimizer/optimizer.h"
#include "vulkan/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace impasto::session {
namespace {

constexpr uint64_t kStateBytes = 16;
constexpr int kTileSides[] = {4096, 3072, 2048, 1536, 1024, 768, 512, 384, 256, 192, 128, 64};
constexpr double kMebibyte = 1 << 20;
constexpr int64_t kMostTiles = 5000;  // more take longer to record than to wait for

// A report's words: at most a total for each layer, TV and the temporal loss, the squared norm of the gradient, and two counts of steps.
int most_report_words(const Recipe& recipe) {
  return static_cast<int>(recipe.content_layers.size() + recipe.style_layers.size()) + 5;
}

uint64_t picture_bytes(const Size& size) {
  return uint64_t(size.width) * uint64_t(size.height) * 3 * sizeof(float);
}

int64_t tiles_of(const Size& size, int side) {
  return int64_t{(size.width + side - 1) / side} * ((size.height + side - 1) / side);
}

// From the fastest to the one that holds least; 0: whole.
std::vector<int> sides_to_try(const PictureSizes& sizes, int tile) {
  if (tile != kAutomaticTile) return {tile};
  std::vector<int> sides{0};
  for (const int side : kTileSides)
    if (side < std::max(sizes.content.width, sizes.content.height) &&
        tiles_of(sizes.content, side) <= kMostTiles)
      sides.push_back(side);
  return sides;
}

}  // namespace

ReportBytes report_bytes(const Recipe& recipe) {
  const int words = most_report_words(recipe);
  return {kStateBytes, uint64_t(words) * sizeof(float), kernels::report_bytes(words, kRingSlots)};
}

StagePlan plan_stage(const vulkan::Device& device, const plan::DeviceNetwork& network, const Recipe& recipe,
                     const PictureSizes& sizes, int tile, Purpose purpose) {
  const vulkan::Caps& caps = device.caps();
  const plan::Rounding rounding = [&](uint64_t bytes) { return vulkan::allocation_bytes(device, bytes); };
  const bool iterates = purpose == Purpose::iterations;
  StagePlan stage;
  stage.tile = tile;
  plan::add_to(stage.memory, plan::kWeights, plan::sum_of(network.blocks(caps), rounding));
  const ReportBytes reports = report_bytes(recipe);
  if (iterates)
    plan::add_to(stage.memory, plan::kReports,
                 plan::sum_of({reports.state, reports.report, reports.ring}, rounding));
  const uint64_t always = plan::total(stage.memory);

  for (const Size& style : sizes.styles) {
    const plan::Footprint statistics =
        plan::style_footprint(caps, network, recipe, style.height, style.width, tile, rounding);
    stage.device_bytes = std::max(
        stage.device_bytes, always + plan::total(statistics) + transfer_bytes(device, picture_bytes(style)));
  }
  const plan::Objective objective(caps, network, recipe, sizes.content.height, sizes.content.width, tile);
  plan::add_to(stage.memory, objective.footprint(rounding));
  uint64_t largest = picture_bytes(sizes.content);
  if (iterates) {
    const std::vector<uint64_t> buffers = optimizer_buffers(caps, recipe.optimizer, objective.elements());
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
                    const PictureSizes& sizes, int tile, uint64_t limit, Purpose purpose) {
  uint64_t whole_bytes = 0, least = 0;
  std::string reason;
  const auto fits = [&](StagePlan& plan, int side) {
    try {
      plan = plan_stage(device, network, recipe, sizes, side, purpose);
    } catch (const Error& error) {
      reason = error.what();
      return false;
    }
    if (side == 0) whole_bytes = plan.device_bytes;
    least = plan.device_bytes;
    plan.whole_bytes = whole_bytes;
    return plan.device_bytes <= limit;
  };
  StagePlan plan;
  for (const int side : sides_to_try(sizes, tile))
    if (fits(plan, side)) return plan;
  if (least == 0) throw Error(ErrorKind::budget, reason);
  throw Error(
      ErrorKind::budget,
      fmt::format(
          "{}x{} pixels need at least {:.1f} MiB of device memory{} and {:.1f} MiB may be used; use a "
          "smaller --size{}",
          sizes.content.width, sizes.content.height, double(least) / kMebibyte,
          tile == kAutomaticTile ? ", even in tiles," : "", double(limit) / kMebibyte,
          recipe.optimizer.kind == OptimizerKind::lbfgs && purpose == Purpose::iterations
              ? ", a shorter --history or --optimizer adam"
              : ""));
}

}  // namespace impasto::session
