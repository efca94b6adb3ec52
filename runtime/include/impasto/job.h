// A job: everything that decides one run, as plain data. The command line and JSON job files both fill it in.
#pragma once

#include "impasto/export.h"
#include "recipe.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace impasto {

struct StyleInput {
  std::filesystem::path file;
  double weight = 1;  // relative to the other styles', above 0
  bool operator==(const StyleInput&) const = default;
};

// The frame before one of a sequence, and where what is seen in this one was in it.
struct FrameBefore {
  std::filesystem::path result;   // what was made of it; empty: the job is no frame, or the first
  std::filesystem::path content;  // what it was made of; needed where the flow is to be computed
  std::filesystem::path
      flow;  // from this frame to the one before (.flo, or .exr with two channels); empty: computed
  std::filesystem::path
      forward_flow;  // from the one before to this; empty: computed when flow is, else flow is believed everywhere
  bool operator==(const FrameBefore&) const = default;
};

constexpr int kRecipeSizes = -1;  // of Job::size: the stages of the recipe
constexpr int kFollowContent =
    -1;  // of Job::style_size: the content's longest side at that stage, times style_scale
constexpr int kOwnSize = 0;  // of either: nothing is resized
constexpr int kRecipeIterations = -1;
constexpr uint64_t kFreeMemory = 0;  // of Job::memory_budget: what the device has free
constexpr int kAutomaticTile =
    0;  // of Job::tile: whole pictures where they fit, else the largest tiles that do
constexpr int kTileMultiple = 16;  // of pixels; any other Job::tile is a multiple of it,
constexpr int kSmallestTile = 64;  // and at least so large
constexpr std::string_view kBestModel =
    "auto";  // of Job::model: the full VGG-19 when it is installed, else "compact", which ships

// As what the device stores the network's weights, features and gradients; sums, losses, the optimiser and the picture are always fp32.
// automatic: fp32; fp16 for a run that fits whole in that alone. fp16 halves the memory; gradient's direction and final loss stay within 1 %.
enum class Precision { automatic, fp32, fp16 };

struct Job {
  std::filesystem::path content;
  std::vector<StyleInput> styles;
  std::filesystem::path output;

  Recipe recipe = find_recipe(kDefaultRecipe);  // overrides already applied
  double style_strength = 1;                    // times the recipe's own ratio of style to content, [0, 1e6]
  std::string model{kBestModel};                // a network by name, or its safetensors file

  int size = kRecipeSizes;          // longest side of the result in pixels
  double style_scale = 1;           // of the style's size to the content's, (0, 16]
  int style_size = kFollowContent;  // longest side of the style in pixels; no style_scale then
  int iterations =
      kRecipeIterations;  // of the whole run; several stages share them in the recipe's proportion

  FrameBefore
      before;        // what recipe.temporal_weight pulls to, and what the run starts from where init is empty
  std::string init;  // "content", "noise", "style" or a picture's file; empty: as the recipe says
  uint64_t seed = 0;  // of everything random

  std::string device;  // index or part of a name; empty: the best there is
  Precision precision = Precision::automatic;
  uint64_t memory_budget = kFreeMemory;  // bytes of device memory that the run may hold
  int tile = kAutomaticTile;             // side of the blocks in pixels that pictures are evaluated in
  int save_every = 0;                    // iterations between snapshots beside the output; 0: the result only
  bool overwrite = false;

  std::filesystem::path checkpoint;  // where the run's state is kept, replaced as it gets on; empty: nowhere
  double checkpoint_seconds =
      10;  // between two of them at least, and so many that writing takes 5 % of the time at most;
           // 0: one after every iteration
  std::filesystem::path resume;  // a checkpoint to go on from; empty: from the start

  bool operator==(const Job&) const = default;
};

// What a job runs: the recipe's stages, or with a size of its own one stage of that size (0: the content's
// own) with the iterations of the recipe's first; before the first the scales of the recipe's pyramid, coarsest first;
// then scaled to job.iterations in all. Sizes are longest or shortest sides as each stage says. content_side: the
// longest side of the content, which the pyramid of a job of the content's own size begins with; 0 when it is not known.
IMPASTO_API std::vector<Stage> job_stages(const Job& job, int content_side = 0);

// The recipe that a job runs: its own, with the style weight times style_strength. In whatever unit a recipe has its terms, and at
// every size, twice the strength is twice the pull of the style against that of the content.
IMPASTO_API Recipe job_recipe(const Job& job);

// The job with its recipe checked (checked_recipe). Throws Error(usage) naming the field that is missing or
// out of its range.
IMPASTO_API Job checked_job(Job job);

// Every field, in the order above.
IMPASTO_API std::string job_to_json(const Job& job);

// A JSON object with the fields above: "recipe" is what load_recipe takes or an object as recipe_from_json reads, "styles" a
// list of
// {"file", "weight"} objects or file names. Fields left out keep their defaults; paths mean what they would
// mean as flags. Throws Error(usage) with the path of an unknown or ill-typed field and the nearest name;
// source names the file in messages. Ranges are left to checked_job, because flags may still change the job.
IMPASTO_API Job job_from_json(std::string_view text, std::string_view source);

// The same from a file. Throws Error(input) when it is missing, unreadable or larger than a mebibyte.
IMPASTO_API Job load_job(const std::filesystem::path& file);

}  // namespace impasto
