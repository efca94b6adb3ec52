// Names every flag whose value is not the one that goes without saying.
#include "command_text.h"

#include <fmt/format.h>

namespace impasto::viewer {
namespace {

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
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", row.layer, row.weight);
  return text;
}

template <typename T>
void add(std::string& text, const char* flag, const T& value, const T& usual) {
  if (value != usual) text += fmt::format(" {} {}", flag, value);
}

void add_pictures(std::string& text, const Job& job) {
  const Job usual;
  text += " -c " + quoted(job.content.string());
  for (const StyleInput& style : job.styles) {
    text += " -s " + quoted(style.file.string());
    if (job.styles.size() > 1) text += fmt::format(":{}", style.weight);
  }
  text += " -o " + quoted(job.output.empty() ? "result.png" : job.output.string());
  add(text, "--size", job.size, usual.size);
  add(text, "--style-scale", job.style_scale, usual.style_scale);
  add(text, "--style-size", job.style_size, usual.style_size);
  if (!job.init.empty()) text += " --init " + quoted(job.init);
  add(text, "--seed", job.seed, usual.seed);
}

void add_recipe(std::string& text, const Job& job, const OfferedRecipe& from) {
  const Recipe &now = job.recipe, &base = from.recipe;
  if (from.flag != kDefaultRecipe) text += " -r " + quoted(from.flag);
  add(text, "--style-strength", job.style_strength, 1.0);
  if (now.pooling != base.pooling)
    text += now.pooling == PoolingKind::max ? " --pooling max" : " --pooling average";
  if (now.optimizer.kind != base.optimizer.kind)
    text += now.optimizer.kind == OptimizerKind::adam ? " --optimizer adam" : " --optimizer lbfgs";
  const OptimizerConvention usual = with_optimizer(base, now.optimizer.kind).optimizer;
  add(text, "--learning-rate", now.optimizer.learning_rate, usual.learning_rate);
  add(text, "--history", now.optimizer.history, usual.history);
  add(text, "--iterations", job.iterations, kRecipeIterations);
  add(text, "--content-weight", now.content_weight, base.content_weight);
  add(text, "--style-weight", now.style_weight, base.style_weight);
  add(text, "--tv-weight", now.tv_weight, base.tv_weight);
  if (now.content_layers != base.content_layers)
    text += " --content-layers " + layers_text(now.content_layers);
  if (now.style_layers != base.style_layers) text += " --style-layers " + layers_text(now.style_layers);
}

void add_machine(std::string& text, const Job& job) {
  if (job.model != kBestModel) text += " -m " + quoted(job.model);
  if (!job.device.empty()) text += " -g " + quoted(job.device);
  if (job.precision == Precision::fp32) text += " --precision fp32";
  if (job.precision == Precision::fp16) text += " --precision fp16";
  add(text, "--memory-budget", job.memory_budget, kFreeMemory);
  add(text, "--tile", job.tile, kAutomaticTile);
}

}  // namespace

std::string command_text(const Job& job, const OfferedRecipe& usual) {
  std::string text = "impasto";
  add_pictures(text, job);
  add_recipe(text, job, usual);
  add_machine(text, job);
  return text;
}

}  // namespace impasto::viewer
