// Declares the flags of a job and applies them.
#include "job_flags.h"

#include "flag_values.h"
#include "impasto/session.h"

#include <CLI/CLI.hpp>

namespace impasto::cli {
namespace {

void add_size_flags(CLI::App& command, JobFlags& flags) {
  const std::string group = "Pictures";
  command.add_option("--size", flags.size, "Longest side of the result in pixels; 0 is the content's own")
      ->option_text("N")
      ->group(group);
  command.add_option("--style-scale", flags.style_scale, "Size of the style relative to the content's")
      ->option_text("X")
      ->group(group);
  command.add_option("--style-size", flags.style_size, "Longest side of the style in pixels; 0 is its own")
      ->option_text("N")
      ->group(group);
}

void add_recipe_flags(CLI::App& command, JobFlags& flags) {
  const std::string group = "Recipe";
  command.add_option("-r,--recipe", flags.recipe, "A recipe's name (see impasto recipes) or JSON file")
      ->option_text("NAME|FILE.json")
      ->group(group);
  command
      .add_option("--style-strength", flags.style_strength,
                  "Style against content, in any recipe; 1 is its own")
      ->option_text("S")
      ->group(group);
  command.add_option("--content-weight", flags.content_weight, "Weight of the content term")
      ->option_text("W")
      ->group(group);
  command.add_option("--style-weight", flags.style_weight, "Weight of the style term")
      ->option_text("W")
      ->group(group);
  command.add_option("--tv-weight", flags.tv_weight, "Weight of total variation, which smooths")
      ->option_text("W")
      ->group(group);
  command.add_option("--content-layers", flags.content_layers, "Layers that the content is compared at")
      ->option_text("relu4_2[:W],...")
      ->group(group);
  command.add_option("--style-layers", flags.style_layers, "Layers that the style is compared at")
      ->option_text("relu1_1[:W],...")
      ->group(group);
  command.add_option("--pooling", flags.pooling, "How the network shrinks")
      ->option_text("max|average")
      ->group(group);
}

void apply_recipe(const JobFlags& flags, Recipe& recipe) {
  if (!flags.recipe.empty()) recipe = load_recipe(flags.recipe);
  if (!flags.optimizer.empty()) recipe = with_optimizer(recipe, parse_optimizer(flags.optimizer));
  if (!flags.pooling.empty())
    recipe = with_pooling(recipe, parse_choice("--pooling", flags.pooling, {"max", "average"}) == 0
                                      ? PoolingKind::max
                                      : PoolingKind::average);
  if (flags.learning_rate) recipe.optimizer.learning_rate = *flags.learning_rate;
  if (flags.history) recipe.optimizer.history = *flags.history;
  if (flags.content_weight) recipe.content_weight = *flags.content_weight;
  if (flags.style_weight) recipe.style_weight = *flags.style_weight;
  if (flags.content_layers)
    recipe.content_layers = parse_layers("--content-layers", *flags.content_layers, recipe.content_layers);
  if (flags.style_layers)
    recipe.style_layers = parse_layers("--style-layers", *flags.style_layers, recipe.style_layers);
  if (!flags.tv_weight) return;
  recipe.tv_weight = *flags.tv_weight;
  if (recipe.tv == TvKind::none) recipe.tv = TvKind::l1;  // the kind of neural-style-pt, on the same scale
}

}  // namespace

void add_input_flags(CLI::App& command, JobFlags& flags) {
  const std::string group = "Pictures";
  command.add_option("--job", flags.job, "Settings from a JSON file; flags override them")
      ->option_text("FILE.json");
  command.add_option("-c,--content", flags.content, "The photograph")->option_text("FILE")->group(group);
  add_style_flag(command, flags);
}

void add_style_flag(CLI::App& command, JobFlags& flags) {
  command.add_option("-s,--style", flags.styles, "A painting; repeat the flag to blend several")
      ->option_text("FILE[:WEIGHT]")
      ->allow_extra_args(false)
      ->group("Pictures");
}

void add_objective_flags(CLI::App& command, JobFlags& flags) {
  add_size_flags(command, flags);
  add_recipe_flags(command, flags);
  command.add_option("-m,--model", flags.model, "The network: a name, or its safetensors file")
      ->option_text("compact|vgg19|vgg16|FILE")
      ->group("Network");
  command.add_option("-g,--device", flags.device, "The device (see impasto devices)")
      ->option_text("INDEX|NAME-PART")
      ->group("Device");
  command.add_option("--precision", flags.precision, "As what weights, features and gradients are stored")
      ->option_text("auto|fp32|fp16")
      ->group("Device");
  command
      .add_option("--memory-budget", flags.memory_budget, "Device memory that may be held; 0 is what is free")
      ->option_text("4G|512M|...")
      ->group("Device");
  command.add_option("-t,--tile", flags.tile, "Evaluate pictures in tiles of N pixels; 0 is automatic")
      ->option_text("N")
      ->group("Device");
}

void add_start_flags(CLI::App& command, JobFlags& flags) {
  command.add_option("--init", flags.init, "What the run starts from")
      ->option_text("content|noise|style|FILE")
      ->group("Pictures");
  command.add_option("--seed", flags.seed, "Of everything random")->option_text("N")->group("Pictures");
  command.add_option("--iterations", flags.iterations, "Of the whole run")->option_text("N")->group("Recipe");
  command.add_option("--optimizer", flags.optimizer, "How the picture is improved")
      ->option_text("adam|lbfgs")
      ->group("Recipe");
  command.add_option("--learning-rate", flags.learning_rate, "Step size of the optimiser")
      ->option_text("X")
      ->group("Recipe");
  command.add_option("--history", flags.history, "Steps that L-BFGS remembers")
      ->option_text("N")
      ->group("Recipe");
  command
      .add_option("--checkpoint-seconds", flags.checkpoint_seconds,
                  "Between two checkpoints at least; 10 unless given")
      ->option_text("X")
      ->group("Run");
  command.add_flag("--overwrite", flags.overwrite, "Replace outputs that exist")->group("Run");
}

void add_run_flags(CLI::App& command, JobFlags& flags) {
  command.add_option("-o,--output", flags.output, "The result")->option_text("FILE")->group("Pictures");
  add_start_flags(command, flags);
  command
      .add_option("--save-every", flags.save_every, "Save a snapshot beside the result every N iterations")
      ->option_text("N")
      ->group("Run");
  command.add_option("--checkpoint", flags.checkpoint, "Keep the run's state in this file, to go on from")
      ->option_text("FILE")
      ->group("Run");
  command.add_option("--resume", flags.resume, "Go on from a checkpoint, with the settings in it")
      ->option_text("FILE")
      ->group("Run");
}

namespace {

Job starting_job(const JobFlags& flags) {
  Job job = !flags.job.empty()      ? load_job(flags.job)
            : !flags.resume.empty() ? read_checkpoint(flags.resume).job
                                    : Job{};
  if (!flags.resume.empty()) job.resume = flags.resume;
  if (job.resume.empty()) return job;
  if (flags.job.empty() || job.checkpoint.empty()) job.checkpoint = job.resume;
  job.overwrite = job.overwrite || flags.output.empty();
  return job;
}

}  // namespace

Job make_job(const JobFlags& flags) {
  return with_flags(starting_job(flags), flags);
}

Job with_flags(Job job, const JobFlags& flags) {
  if (!flags.content.empty()) job.content = flags.content;
  if (!flags.output.empty()) job.output = flags.output;
  if (!flags.styles.empty()) {
    job.styles.clear();
    for (const std::string& style : flags.styles) job.styles.push_back(parse_style(style));
  }
  job.size = flags.size.value_or(job.size);
  job.style_scale = flags.style_scale.value_or(job.style_scale);
  job.style_size = flags.style_size.value_or(job.style_size);
  if (!flags.init.empty()) job.init = flags.init;
  if (!flags.seed.empty()) job.seed = parse_seed("--seed", flags.seed);
  apply_recipe(flags, job.recipe);
  job.style_strength = flags.style_strength.value_or(job.style_strength);
  job.iterations = flags.iterations.value_or(job.iterations);
  if (!flags.model.empty()) job.model = flags.model;
  job.device = flags.device.value_or(job.device);
  if (!flags.precision.empty()) job.precision = parse_precision(flags.precision);
  if (!flags.memory_budget.empty()) job.memory_budget = parse_bytes("--memory-budget", flags.memory_budget);
  job.tile = flags.tile.value_or(job.tile);
  job.save_every = flags.save_every.value_or(job.save_every);
  job.overwrite = job.overwrite || flags.overwrite;
  if (!flags.checkpoint.empty()) job.checkpoint = flags.checkpoint;
  job.checkpoint_seconds = flags.checkpoint_seconds.value_or(job.checkpoint_seconds);
  return job;
}

}  // namespace impasto::cli
