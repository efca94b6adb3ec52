// What a job runs, and the ranges of its fields.
#include "impasto/job.h"

#include "base/shown.h"
#include "impasto/error.h"
#include "impasto/image.h"

#include <fmt/format.h>

#include <cmath>

namespace impasto {
namespace {

constexpr double kMaxStyleScale = 16;
constexpr double kMaxStyleWeight = 1e6;
constexpr double kMaxSeconds = 1e6;
constexpr double kMaxStrength = 1e6;
constexpr int kMaxIterations = 1'000'000'000;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::usage, what);
}

void check_size(const char* field, int size) {
  if (size < -1 || size > kMaxImageSide)
    refuse(fmt::format("{} is {}; it must be from 0 to {} pixels", field, size, kMaxImageSide));
}

void check_before(const Job& job) {
  const FrameBefore& before = job.before;
  if (before.result.empty()) {
    if (job.recipe.temporal_weight > 0)
      refuse(
          "temporal_weight has no effect without a frame before; make a sequence with impasto sequence, or "
          "name its result");
    return;
  }
  if (before.flow.empty() && before.content.empty())
    refuse("before has neither a flow nor the content that the flow is to be computed from; name one");
  if (before.flow.empty() && !before.forward_flow.empty())
    refuse("before has a forward_flow and no flow from this frame to the one before; name both or none");
}

// Shares `total` in proportion to the stages' iterations; each keeps at least one while there are enough.
void share_iterations(std::vector<Stage>& stages, int total) {
  int64_t sum = 0;
  for (const Stage& stage : stages) sum += stage.iterations;
  int64_t seen = 0;
  int given = 0;
  for (Stage& stage : stages) {
    seen += stage.iterations;
    const int until = static_cast<int>(int64_t{total} * seen / sum);
    stage.iterations = until - given;
    given = until;
  }
  std::erase_if(stages, [](const Stage& stage) { return stage.iterations == 0; });
}

// The sizes of style-transfer-pytorch (K. Crowson): the last divided by the powers of the ratio.
void add_pyramid(std::vector<Stage>& stages, const Pyramid& pyramid, int content_side) {
  if (pyramid.smallest == 0) return;
  const Stage last = stages.front();
  const int size = last.size == kOwnSize ? content_side : last.size;
  std::vector<Stage> scales;
  for (double side = size / pyramid.ratio; std::lround(side) >= pyramid.smallest; side /= pyramid.ratio)
    scales.push_back({static_cast<int>(std::lround(side)), last.side, last.iterations});
  stages.insert(stages.begin(), scales.rbegin(), scales.rend());
  stages.front().iterations = pyramid.iterations;
}

}  // namespace

std::vector<Stage> job_stages(const Job& job, int content_side) {
  std::vector<Stage> stages = job.recipe.stages;
  if (job.size != kRecipeSizes) stages = {{job.size, SizeSide::longest, stages.at(0).iterations}};
  add_pyramid(stages, job.recipe.pyramid, content_side);
  if (job.iterations != kRecipeIterations) share_iterations(stages, job.iterations);
  return stages;
}

Recipe job_recipe(const Job& job) {
  Recipe recipe = job.recipe;
  recipe.style_weight *= job.style_strength;
  return recipe;
}

Job checked_job(Job job) {
  if (job.content.empty()) refuse("no content picture; name one with --content FILE");
  if (job.styles.empty()) refuse("no style picture; name one with --style FILE");
  for (const StyleInput& style : job.styles) {
    if (style.file.empty()) refuse("a style picture without a name; name one with --style FILE");
    if (!(style.weight > 0 && style.weight <= kMaxStyleWeight))
      refuse(fmt::format("style {} has weight {}; it must be above 0, at most {}", shown(style.file.string()),
                         style.weight, kMaxStyleWeight));
  }
  if (job.model.empty()) refuse("no network; name one with --model NAME or FILE");
  check_size("size", job.size);
  check_size("style_size", job.style_size);
  if (!(job.style_scale > 0 && job.style_scale <= kMaxStyleScale))
    refuse(fmt::format("style_scale is {}; it must be above 0, at most {}", job.style_scale, kMaxStyleScale));
  if (job.iterations != kRecipeIterations && (job.iterations < 1 || job.iterations > kMaxIterations))
    refuse(fmt::format("iterations is {}; it must be from 1 to {}", job.iterations, kMaxIterations));
  if (job.tile != kAutomaticTile &&
      (job.tile < kSmallestTile || job.tile > kMaxImageSide || job.tile % kTileMultiple != 0))
    refuse(fmt::format("tile is {}; it must be 0 or a multiple of {} from {} to {} pixels", job.tile,
                       kTileMultiple, kSmallestTile, kMaxImageSide));
  if (job.save_every < 0) refuse(fmt::format("save_every is {}; it must be 0 or more", job.save_every));
  if (!(job.checkpoint_seconds >= 0 && job.checkpoint_seconds <= kMaxSeconds))
    refuse(fmt::format("checkpoint_seconds is {}; it must be from 0 to {}", job.checkpoint_seconds,
                       kMaxSeconds));
  if (!(job.style_strength >= 0 && job.style_strength <= kMaxStrength))
    refuse(fmt::format("style_strength is {}; it must be from 0 to {}", job.style_strength, kMaxStrength));
  check_before(job);
  checked_recipe(job_recipe(job));
  job.recipe = checked_recipe(std::move(job.recipe));
  return job;
}

}  // namespace impasto
