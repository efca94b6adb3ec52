// Undo, and the stages of a run.
#include "model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

std::string quoted(const std::string& text) {
  const bool plain =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,=") ==
      std::string::npos;
  if (plain && !text.empty()) return text;
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string layers_text(const std::vector<LayerWeight>& layers) {
  std::string text;
  for (const LayerWeight& row : layers)
    text += fmt::format("{}{}:{:g}", text.empty() ? "" : ",", row.layer, row.weight);
  return text;
}

}  // namespace

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

Job Model::continuing_job() const {
  Job painted = job;
  if (painted.recipe.tv == TvKind::none) painted.recipe.tv = TvKind::l1;
  return painted;
}

Job Model::painting_job() const {
  Job painted = continuing_job();
  if (!from_small || job.size <= kFirstSize) return painted;
  painted.recipe.stages = doubling_stages(job.size, iterations_of(job));
  painted.size = kRecipeSizes;
  painted.iterations = kRecipeIterations;
  return painted;
}

std::string command_text(const Job& job) {
  const Job usual;
  std::string text = "impasto -c " + quoted(job.content.string());
  for (const StyleInput& style : job.styles) {
    text += " -s " + quoted(style.file.string());
    if (job.styles.size() > 1) text += fmt::format(":{:g}", style.weight);
  }
  text += " -o " + quoted(job.output.empty() ? "result.png" : job.output.string());
  if (job.size != kRecipeSizes) text += fmt::format(" --size {}", job.size);
  if (!job.recipe.name.empty() && job.recipe.name != kDefaultRecipe) text += " -r " + quoted(job.recipe.name);
  const Recipe& base = find_recipe(job.recipe.name.empty() ? kDefaultRecipe : job.recipe.name);
  const Recipe& now = job.recipe;
  if (now.optimizer.kind != base.optimizer.kind)
    text += now.optimizer.kind == OptimizerKind::adam ? " --optimizer adam" : " --optimizer lbfgs";
  const double usual_rate = with_optimizer(base, now.optimizer.kind).optimizer.learning_rate;
  if (now.optimizer.learning_rate != usual_rate)
    text += fmt::format(" --learning-rate {:g}", now.optimizer.learning_rate);
  if (job.iterations != kRecipeIterations) text += fmt::format(" --iterations {}", job.iterations);
  if (now.content_weight != base.content_weight)
    text += fmt::format(" --content-weight {:g}", now.content_weight);
  if (now.style_weight != base.style_weight) text += fmt::format(" --style-weight {:g}", now.style_weight);
  if (now.tv_weight != base.tv_weight) text += fmt::format(" --tv-weight {:g}", now.tv_weight);
  if (now.content_layers != base.content_layers)
    text += " --content-layers " + layers_text(now.content_layers);
  if (now.style_layers != base.style_layers) text += " --style-layers " + layers_text(now.style_layers);
  if (job.model != usual.model) text += " -m " + quoted(job.model);
  if (!job.device.empty()) text += " -g " + quoted(job.device);
  return text;
}

}  // namespace impasto::viewer
