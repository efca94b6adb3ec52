// Undo, and the stages of a run.
#include "model.h"

#include "impasto/session.h"

#include <algorithm>

namespace impasto::viewer {
namespace {

constexpr int kFirstSize = 128;
constexpr size_t kMostUndo = 200;

// Iterations of the whole run, as job_stages would have it for one size.
int iterations_of(const Job& job) {
  if (job.iterations != kRecipeIterations) return job.iterations;
  return job.recipe.stages.empty() ? Stage{}.iterations : job.recipe.stages[0].iterations;
}

// Half of the iterations at the full size, the rest shared by the smaller ones.
std::vector<Stage> doubling_stages(int size, int iterations) {
  std::vector<int> sizes;
  for (int side = kFirstSize; side < size; side *= 2) sizes.push_back(side);
  const int smaller = sizes.empty() ? 0 : std::max(1, iterations / 2 / int(sizes.size()));
  std::vector<Stage> stages;
  stages.reserve(sizes.size() + 1);
  for (const int side : sizes) stages.push_back({side, SizeSide::longest, smaller});
  stages.push_back({size, SizeSide::longest, std::max(1, iterations - smaller * int(sizes.size()))});
  return stages;
}

// From nothing, too.
Job with_steerable_smoothness(Job job) {
  if (job.recipe.tv == TvKind::none) job.recipe.tv = TvKind::l1;
  return job;
}

// The recipe with everything as in the other that flags, and so the window, can change.
Recipe with_flags_of(Recipe recipe, const Recipe& other) {
  recipe = with_optimizer(std::move(recipe), other.optimizer.kind);
  recipe = with_pooling(std::move(recipe), other.pooling);
  recipe.optimizer.learning_rate = other.optimizer.learning_rate;
  recipe.optimizer.history = other.optimizer.history;
  recipe.content_weight = other.content_weight;
  recipe.style_weight = other.style_weight;
  recipe.content_layers = other.content_layers;
  recipe.style_layers = other.style_layers;
  recipe.tv_weight = other.tv_weight;
  if (recipe.tv == TvKind::none && (other.tv_weight == 0 || other.tv == TvKind::l1)) recipe.tv = other.tv;
  return recipe;
}

}  // namespace

Model::Model(Job start, const std::string& recipe) : settled_(start) {
  for (const Recipe& built_in : impasto::recipes()) offer(built_in, built_in.name);
  const auto named = [&](const OfferedRecipe& offered) { return offered.flag == recipe; };
  if (!recipe.empty() && std::none_of(recipes_.begin(), recipes_.end(), named))
    offer(load_recipe(recipe), recipe);
  take(std::move(start));
}

void Model::offer(const Recipe& recipe, const std::string& flag) {
  const std::string name = recipe.name.empty() ? "of its own" : recipe.name;
  std::string label = name;
  const auto taken = [&](const OfferedRecipe& other) { return other.label == label; };
  for (int i = 2; std::any_of(recipes_.begin(), recipes_.end(), taken); ++i)
    label = name + " (" + std::to_string(i) + ")";
  recipes_.push_back({recipe, flag, label});
}

void Model::take(Job other) {
  job = std::move(other);
  if (usual() == recipes_.size()) offer(job.recipe, "");
}

size_t Model::usual() const {
  const auto is_usual = [&](const OfferedRecipe& offered) {
    return with_flags_of(offered.recipe, job.recipe) == job.recipe;
  };
  return size_t(std::find_if(recipes_.begin(), recipes_.end(), is_usual) - recipes_.begin());
}

const OfferedRecipe& Model::usual_recipe() const {
  return recipes_[usual()];
}

void Model::keep_usual_recipe(const std::string& file) {
  recipes_[usual()].flag = file;
}

void Model::settle(bool busy) {
  if (busy || job == settled_) return;
  undo_.push_back(settled_);
  if (undo_.size() > kMostUndo) undo_.erase(undo_.begin());
  redo_.clear();
  settled_ = job;
}

void Model::move(std::vector<Job>& from, std::vector<Job>& to) {
  if (from.empty()) return;
  to.push_back(job);
  job = settled_ = from.back();
  from.pop_back();
}

void Model::undo() {
  move(undo_, redo_);
}
void Model::redo() {
  move(redo_, undo_);
}

Job continuing_job(const Job& job) {
  Job continuing = with_steerable_smoothness(job);
  continuing.recipe.pyramid = {};
  auto& stages = continuing.recipe.stages;
  if (stages.size() > 1) stages.erase(stages.begin(), stages.end() - 1);
  return continuing;
}

Job painting_job(const Job& job) {
  Job painted = with_steerable_smoothness(job);
  if (painted.recipe.pyramid.smallest > 0 || job.size <= kFirstSize) return painted;
  painted.recipe.stages = doubling_stages(job.size, iterations_of(job));
  painted.size = kRecipeSizes;
  painted.iterations = kRecipeIterations;
  return painted;
}

std::optional<Job> steered_job(const Job& running, const Job& job) {
  for (const Job& wanted : {painting_job(job), continuing_job(job), job})
    if (can_steer(running, wanted)) return wanted;
  return std::nullopt;
}

}  // namespace impasto::viewer
