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
  for (const int side : sizes) stages.push_back({side, SizeSide::longest, smaller});
  stages.push_back({size, SizeSide::longest, std::max(1, iterations - smaller * int(sizes.size()))});
  return stages;
}

// From nothing, too.
Job with_steerable_smoothness(Job job) {
  if (job.recipe.tv == TvKind::none) job.recipe.tv = TvKind::l1;
  return job;
}

}  // namespace

Model::Model(Job start) : job(std::move(start)), settled_(job), recipes_(impasto::recipes()) {
  take(job);
  undo_.clear();
}

void Model::take(Job other) {
  job = std::move(other);
  const auto same = [&](const Recipe& recipe) { return recipe.name == job.recipe.name; };
  if (std::none_of(recipes_.begin(), recipes_.end(), same)) recipes_.push_back(job.recipe);
}

const Recipe& Model::usual_recipe() const {
  const auto same = [&](const Recipe& recipe) { return recipe.name == job.recipe.name; };
  return *std::find_if(recipes_.begin(), recipes_.end(), same);
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
