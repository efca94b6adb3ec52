// A recipe: the numeric conventions of one style-transfer system, as data.
#pragma once

#include "impasto/export.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace impasto {

enum class ChannelOrder { bgr, rgb };
// Around a layer's input; replicate_first: the picture's edge around the picture, replicate: the edge of its input around every layer's.
enum class PaddingKind { zeros, replicate_first, replicate };
enum class PoolingKind { max, average };
enum class PoolingRounding { floor, ceil };
enum class GramDivisor { one, n, channels_times_n };  // of F Fᵀ; n = height × width of the layer
enum class Reduction { mean, sum, half_sum };         // of squared differences
enum class StyleFactor {
  one,
  per_channels_squared,
  image_area,
  gatys_paper
};  // extra factor of a layer's style term:
// 1;  1/C²;  1/(4·3²·(H·W)²) with H, W of the image;  1/(4·C²·n²)
enum class TvKind { none, l1, squared, squared_block, power_block };
// l1: Σ|dx|+Σ|dy|;  squared: Σdx²+Σdy²;  squared_block: ½Σ(dx²+dy²);  power_block: Σ(dx²+dy²)^exponent;
// a block sum runs over the (H−1)×(W−1) pixels that have both neighbours, the others over every neighbouring pair
enum class OptimizerKind { adam, lbfgs };
enum class LineSearchKind {
  none,
  more_thuente
};  // more_thuente: as L-BFGS-B 3.0 has it, an iteration an evaluation
enum class InitKind {
  content,
  noise,
  style,
  mix
};  // mix: noise_share·U(−noise, noise) + (1 − noise_share)·content, network space
enum class SizeSide { longest, shortest };

struct LayerWeight {
  std::string layer;  // "relu4_2"
  double weight = 1;
  bool operator==(const LayerWeight&) const = default;
};

struct InputConvention {
  ChannelOrder order = ChannelOrder::bgr;  // of the planes that conv1_1 reads; the Oxford weights want BGR
  double range = 255;                      // the network sees (range·x − mean) / deviation
  std::array<double, 3> mean{123.68, 116.779, 103.939};  // RGB order, on the range's scale
  std::array<double, 3> deviation{1, 1, 1};              // likewise
  bool operator==(const InputConvention&) const = default;
};

struct OptimizerConvention {
  OptimizerKind kind = OptimizerKind::lbfgs;
  double variable_range = 255;  // the optimised variable is variable_range·x
  double learning_rate = 1;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  bool epsilon_hat =
      false;  // of Adam: ε is added to √v (Kingma & Ba, end of section 2; TensorFlow, Keras), not to √v̂ (PyTorch)
  int history = 100;                                  // of L-BFGS
  LineSearchKind line_search = LineSearchKind::none;  // of L-BFGS; the learning rate scales its first trials
  // Of a line search: evaluations after which the history is forgotten at the next point, as by a program that calls its optimiser
  // again and again with such a limit; 0: never.
  int restart = 0;
  bool clamp = false;  // of the picture to [0,1] after each step
  double average =
      0;  // decay of the exponential average over the steps that is shown and saved; 0: the picture itself
  bool operator==(const OptimizerConvention&) const = default;
};

struct Stage {
  int size = 512;  // pixels of the side below
  SizeSide side = SizeSide::longest;
  int iterations = 500;
  bool operator==(const Stage&) const = default;
};

// Smaller scales before the first stage: its size divided by ratio, ratio², … as long as that is not below `smallest`.
struct Pyramid {
  int smallest = 0;  // pixels of the side that the stage's size is of; 0: no scales but the stages
  double ratio = 1.4142135623730951;
  int iterations = 500;  // of the coarsest scale; the others have their stage's
  bool operator==(const Pyramid&) const = default;
};

struct Recipe {
  std::string name;
  std::string summary;  // one line: where it comes from and what is odd about it

  InputConvention input;
  PaddingKind padding = PaddingKind::zeros;
  PoolingKind pooling = PoolingKind::max;
  PoolingRounding rounding = PoolingRounding::floor;

  double style_weight = 1;
  std::vector<LayerWeight> style_layers;
  GramDivisor gram_divisor = GramDivisor::n;
  Reduction style_reduction = Reduction::mean;
  StyleFactor style_factor = StyleFactor::one;

  double content_weight = 1;
  std::vector<LayerWeight> content_layers;
  Reduction content_reduction = Reduction::mean;

  double tv_weight = 0;
  TvKind tv = TvKind::none;
  Reduction tv_reduction = Reduction::sum;  // mean: over height × width × 3
  double tv_range = 255;                    // the scale TV is taken on
  double tv_exponent = 1.25;                // of power_block

  double temporal_weight =
      0;  // times content_weight and reduced as the content is: Σ c·d², d a frame's difference in the network's range
          // from the frame before, carried along the flow, and c how certain that is; needs Job::before

  OptimizerConvention optimizer;
  InitKind init = InitKind::content;
  double noise =
      0;  // noise: standard deviation in network units; mix: half width of the uniform noise, network units
  double noise_share = 1;  // of mix
  std::vector<Stage> stages;
  Pyramid pyramid;
  std::vector<int> snapshots;  // iterations of the whole run after which its authors save a picture

  bool operator==(const Recipe&) const = default;
};

// The built-in rows, in the order they are listed.
IMPASTO_API const std::vector<Recipe>& recipes();

constexpr std::string_view kDefaultRecipe = "impasto";

// A built-in row by name. Throws Error(usage) with the nearest name.
IMPASTO_API const Recipe& find_recipe(std::string_view name);

// The recipe with the other optimiser as its authors offer it (neural-style: Adam with a rate of 10, neural-style-pt: of 1), else with
// usual settings: L-BFGS with history 100, Adam with a rate of 0.02·variable_range. Unchanged when it has this kind already.
IMPASTO_API Recipe with_optimizer(Recipe recipe, OptimizerKind kind);

// The recipe with this pooling, rounded as its authors round it: neural-style's maximum is a ceil, its average a floor.
IMPASTO_API Recipe with_pooling(Recipe recipe, PoolingKind kind);

// The recipe with its layer names in their canonical form ("block4_conv2" becomes "relu4_2"). Throws Error(usage) naming the field
// that is out of its range (not finite, negative, no stage, neither a style nor a content layer, a layer twice) or the layer that does
// not exist, with the nearest name.
IMPASTO_API Recipe checked_recipe(Recipe recipe);

// Every field, in the order above; what from_json reads back to an equal recipe.
IMPASTO_API std::string recipe_to_json(const Recipe& recipe);

// Fields left out keep the value of the row named by "base", or of a default-constructed Recipe. Throws Error(usage) with the path of an
// unknown or ill-typed field and the nearest name; source names the file in messages.
IMPASTO_API Recipe recipe_from_json(std::string_view text, std::string_view source);

// A built-in row by name, or a recipe from a file: what ends in ".json" or has a slash. Throws as find_recipe and recipe_from_json do,
// and Error(input) for a file that is missing, unreadable or larger than a mebibyte.
IMPASTO_API Recipe load_recipe(std::string_view name_or_file);

}  // namespace impasto
