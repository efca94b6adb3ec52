// The conventions of the known systems, one row each.
#include "base/nearest.h"
#include "base/shown.h"
#include "impasto/error.h"
#include "impasto/recipe.h"

#include <fmt/format.h>

namespace impasto {
namespace {

// A fifth for each of the five layers is how keras, tensorflow and coursera write their mean over layers.
std::vector<LayerWeight> style_layers(double weight) {
  return {{"relu1_1", weight},
          {"relu2_1", weight},
          {"relu3_1", weight},
          {"relu4_1", weight},
          {"relu5_1", weight}};
}

// The Caffe mean to the digits of the authors' notebook, where it stands divided by 255.
constexpr std::array<double, 3> kNotebookMean{255 * 0.48501961, 255 * 0.45795686, 255 * 0.40760392};

// Terms over 1/C² of FFᵀ/N do not change with the size of the picture, and little with the width of the network. The weights of the
// layers undo the usual size of ΣA²/C⁴ at each, so that every layer has its say; the content's is as large as lets eyes be eyes while
// the Gram matrices still come close to the style's.
Recipe impasto() {
  Recipe recipe;
  recipe.name = "impasto";
  recipe.summary =
      "Impasto's own: every layer of the style counts alike, from coarse to fine, and the average of the "
      "steps "
      "is shown";
  recipe.padding = PaddingKind::replicate_first;
  recipe.style_weight = 1;
  recipe.style_layers = {
      {"relu1_1", 50000}, {"relu2_1", 120}, {"relu3_1", 250}, {"relu4_1", 6}, {"relu5_1", 30000}};
  recipe.gram_divisor = GramDivisor::n;
  recipe.style_factor = StyleFactor::per_channels_squared;
  recipe.content_weight = 3;
  recipe.content_layers = {{"relu4_2", 1}};
  recipe.tv_weight = 1e7;
  recipe.tv = TvKind::squared;
  recipe.tv_reduction = Reduction::mean;
  recipe.tv_range = 1;
  recipe.optimizer = {.kind = OptimizerKind::adam,
                      .variable_range = 1,
                      .learning_rate = 0.02,
                      .beta2 = 0.99,
                      .clamp = true,
                      .average = 0.95};
  recipe.stages = {{512, SizeSide::longest, 100}};
  recipe.pyramid = {.smallest = 128, .iterations = 200};
  return recipe;
}

Recipe gatys() {
  Recipe recipe;
  recipe.name = "gatys";
  recipe.summary =
      "The PyTorch notebook of Gatys et al.; two sizes, the second starts from the first's picture";
  recipe.input.mean = kNotebookMean;
  recipe.style_weight = 1000;
  recipe.style_layers = style_layers(1);
  recipe.gram_divisor = GramDivisor::n;
  recipe.style_factor = StyleFactor::per_channels_squared;
  recipe.content_weight = 1;
  recipe.content_layers = {{"relu4_2", 1}};
  recipe.stages = {{512, SizeSide::shortest, 500}, {800, SizeSide::shortest, 200}};
  return recipe;
}

Recipe neural_style() {
  Recipe recipe;
  recipe.name = "neural-style";
  recipe.summary =
      "neural-style for Torch; multiplies the picture by 256, not 255, and does not print the TV term";
  recipe.input.range = 256;
  recipe.rounding = PoolingRounding::ceil;
  recipe.style_weight = 100;
  recipe.style_layers = style_layers(1);
  recipe.gram_divisor = GramDivisor::channels_times_n;
  recipe.content_weight = 5;
  recipe.content_layers = {{"relu4_2", 1}};
  recipe.tv_weight = 1e-3;
  recipe.tv = TvKind::squared_block;
  recipe.tv_range = 256;
  recipe.optimizer.variable_range = 256;
  recipe.init = InitKind::noise;
  recipe.noise = 0.001;
  recipe.stages = {{512, SizeSide::longest, 1000}};
  return recipe;
}

Recipe neural_style_pt() {
  Recipe recipe;
  recipe.name = "neural-style-pt";
  recipe.summary =
      "neural-style-pt for PyTorch; TV by absolute differences, and its gradient normalisation squares the "
      "strength";
  recipe.style_weight = 100;
  recipe.style_layers = style_layers(1);
  recipe.gram_divisor = GramDivisor::channels_times_n;
  recipe.content_weight = 5;
  recipe.content_layers = {{"relu4_2", 1}};
  recipe.tv_weight = 1e-3;
  recipe.tv = TvKind::l1;
  recipe.init = InitKind::noise;
  recipe.noise = 0.001;
  recipe.stages = {{512, SizeSide::longest, 1000}};
  return recipe;
}

Recipe keras() {
  Recipe recipe;
  recipe.name = "keras";
  recipe.summary =
      "The Keras example; divides the style term by the picture's area, so its strength depends on the size";
  recipe.style_weight = 1;
  recipe.style_layers = style_layers(0.2);
  recipe.gram_divisor = GramDivisor::one;
  recipe.style_reduction = Reduction::sum;
  recipe.style_factor = StyleFactor::image_area;
  recipe.content_weight = 0.025;
  recipe.content_layers = {{"relu5_2", 1}};
  recipe.content_reduction = Reduction::sum;
  recipe.tv_weight = 1;
  recipe.tv = TvKind::power_block;
  recipe.tv_exponent = 1.25;
  recipe.optimizer.history = 10;
  recipe.optimizer.line_search = LineSearchKind::more_thuente;
  recipe.optimizer.restart = 20;
  recipe.stages = {{400, SizeSide::shortest, 200}};  // ten rounds of twenty evaluations
  for (int round = 1; round <= 10; ++round) recipe.snapshots.push_back(20 * round);
  return recipe;
}

Recipe tensorflow() {
  Recipe recipe;
  recipe.name = "tensorflow";
  recipe.summary =
      "The TensorFlow tutorial; Adam on a picture in [0,1] with an unusually large epsilon, clamped each "
      "step";
  recipe.style_weight = 1e-2;
  recipe.style_layers = style_layers(0.2);
  recipe.gram_divisor = GramDivisor::n;
  recipe.content_weight = 1e4;
  recipe.content_layers = {{"relu5_2", 1}};
  recipe.tv_weight = 30;
  recipe.tv = TvKind::l1;
  recipe.tv_range = 1;
  recipe.optimizer = {.kind = OptimizerKind::adam,
                      .variable_range = 1,
                      .learning_rate = 0.02,
                      .beta1 = 0.99,
                      .epsilon = 0.1,
                      .epsilon_hat = true,
                      .clamp = true};
  recipe.stages = {{512, SizeSide::longest, 1000}};
  return recipe;
}

// The course feeds RGB to a network whose first kernels were reordered; the Oxford order gives the same numbers.
Recipe coursera() {
  Recipe recipe;
  recipe.name = "coursera";
  recipe.summary = "The deeplearning.ai course; average pooling, starts from noise mixed with the content";
  recipe.pooling = PoolingKind::average;
  recipe.rounding = PoolingRounding::ceil;
  recipe.style_weight = 40;
  recipe.style_layers = style_layers(0.2);
  recipe.gram_divisor = GramDivisor::one;
  recipe.style_reduction = Reduction::sum;
  recipe.style_factor = StyleFactor::gatys_paper;
  recipe.content_weight = 10;
  recipe.content_layers = {{"relu4_2", 0.25}};
  recipe.optimizer = {.kind = OptimizerKind::adam, .learning_rate = 2, .epsilon_hat = true};
  recipe.init = InitKind::mix;
  recipe.noise = 20;
  recipe.noise_share = 0.6;
  recipe.stages = {{400, SizeSide::longest, 200}};
  return recipe;
}

Recipe adam_tv() {
  Recipe recipe;
  recipe.name = "adam-tv";
  recipe.summary =
      "Adam with strong TV for tens of thousands of steps, snapshots at 3000, 9000, 17000 and 30000";
  recipe.style_weight = 1e4;
  recipe.style_layers = style_layers(1);
  recipe.gram_divisor = GramDivisor::channels_times_n;
  recipe.style_reduction = Reduction::sum;
  recipe.content_weight = 1;
  recipe.content_layers = {{"relu5_2", 1}};
  recipe.content_reduction = Reduction::half_sum;
  recipe.tv_weight = 10;
  recipe.tv = TvKind::squared;
  recipe.optimizer = {.kind = OptimizerKind::adam, .variable_range = 1, .learning_rate = 0.02};
  recipe.stages = {{512, SizeSide::longest, 30000}};
  recipe.snapshots = {3000, 9000, 17000, 30000};
  return recipe;
}

}  // namespace

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> rows{impasto(), gatys(),      neural_style(), neural_style_pt(),
                                        keras(),   tensorflow(), coursera(),     adam_tv()};
  return rows;
}

const Recipe& find_recipe(std::string_view name) {
  std::vector<std::string> names;
  for (const Recipe& row : recipes()) {
    if (row.name == name) return row;
    names.push_back(row.name);
  }
  throw Error(ErrorKind::usage, fmt::format("there is no recipe \"{}\"; the nearest is \"{}\"", shown(name),
                                            nearest_name(name, names)));
}

Recipe with_optimizer(Recipe recipe, OptimizerKind kind) {
  OptimizerConvention& optimizer = recipe.optimizer;
  if (optimizer.kind == kind) return recipe;
  const OptimizerConvention defaults;
  optimizer = {.kind = kind,
               .variable_range = optimizer.variable_range,
               .history = defaults.history,
               .average = optimizer.average};
  if (kind == OptimizerKind::adam)
    optimizer.learning_rate = recipe.name == "neural-style"      ? 10
                              : recipe.name == "neural-style-pt" ? 1
                                                                 : 0.02 * optimizer.variable_range;
  return recipe;
}

Recipe with_pooling(Recipe recipe, PoolingKind kind) {
  if (recipe.pooling == kind) return recipe;
  recipe.pooling = kind;
  if (recipe.name == "neural-style" && kind == PoolingKind::average) recipe.rounding = PoolingRounding::floor;
  return recipe;
}

}  // namespace impasto
