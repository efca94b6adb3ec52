// The ranges of a recipe's fields.
#include "base/shown.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "impasto/recipe.h"
#include "network/layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace impasto {
namespace {

constexpr double kMaxWeight = 1e20;  // squares of features times this stay within float
constexpr int kMaxHistory = 1000;
constexpr int kMaxIterations = 100'000'000;
constexpr size_t kMaxStages = 64;
constexpr size_t kMaxSnapshots = 1000;
constexpr double kLeastRatio = 1.05;  // of the scales of a pyramid, so that there are not too many

class Checker {
 public:
  explicit Checker(const std::string& name) : name_(shown(name)) {}

  [[noreturn]] void refuse(const std::string& field, const std::string& what) const {
    throw Error(ErrorKind::usage, fmt::format("recipe \"{}\": {} {}", name_, field, what));
  }

  void within(const std::string& field, double value, double low, double high) const {
    if (!(value >= low && value <= high))
      refuse(field, fmt::format("is {}; it must be from {} to {}", value, low, high));
  }

  // Above 0.
  void positive(const std::string& field, double value, double high = kMaxWeight) const {
    if (!(value > 0 && value <= high))
      refuse(field, fmt::format("is {}; it must be above 0, at most {}", value, high));
  }

 private:
  std::string name_;
};

void check_layers(const Checker& check, const std::string& field, std::vector<LayerWeight>& layers) {
  for (size_t i = 0; i < layers.size(); ++i) {
    const std::string path = fmt::format("{}[{}]", field, i);
    try {
      layers[i].layer = network::canonical_layer(layers[i].layer);
    } catch (const Error& error) {
      check.refuse(path, fmt::format("is wrong: {}", error.what()));
    }
    check.within(path + ".weight", layers[i].weight, 0, kMaxWeight);
    const auto same = [&](const LayerWeight& earlier) { return earlier.layer == layers[i].layer; };
    if (std::any_of(layers.begin(), layers.begin() + static_cast<std::ptrdiff_t>(i), same))
      check.refuse(path, fmt::format("names {} a second time; give each layer one weight", layers[i].layer));
  }
}

void check_objective(const Checker& check, const Recipe& recipe) {
  check.positive("input.range", recipe.input.range, 1e6);
  for (const double mean : recipe.input.mean) check.within("input.mean", mean, -1e6, 1e6);
  for (const double deviation : recipe.input.deviation) check.within("input.std", deviation, 1e-6, 1e6);
  check.within("style_weight", recipe.style_weight, 0, kMaxWeight);
  check.within("content_weight", recipe.content_weight, 0, kMaxWeight);
  check.within("tv_weight", recipe.tv_weight, 0, kMaxWeight);
  if (recipe.tv == TvKind::none && recipe.tv_weight > 0)
    check.refuse("tv_weight", "has no effect while tv is \"none\"; choose a kind of TV");
  check.positive("tv_range", recipe.tv_range, 1e6);
  check.within("tv_exponent", recipe.tv_exponent, 1,
               4);  // below 1 the gradient of a flat picture is infinite
  check.within("temporal_weight", recipe.temporal_weight, 0, kMaxWeight);
  if (recipe.style_layers.empty() && recipe.content_layers.empty())
    check.refuse("style_layers", "and content_layers are both empty; name at least one layer");
}

void check_optimizer(const Checker& check, const OptimizerConvention& optimizer) {
  constexpr double kBelowOne = 1 - std::numeric_limits<float>::epsilon();
  check.positive("optimizer.variable_range", optimizer.variable_range, 1e6);
  check.positive("optimizer.learning_rate", optimizer.learning_rate, 1e6);
  check.within("optimizer.beta1", optimizer.beta1, 0, kBelowOne);
  check.within("optimizer.beta2", optimizer.beta2, 0, kBelowOne);
  check.positive("optimizer.epsilon", optimizer.epsilon, 1e6);
  check.within("optimizer.history", optimizer.history, 1, kMaxHistory);
  check.within("optimizer.restart", optimizer.restart, 0, kMaxIterations);
  if (optimizer.kind == OptimizerKind::lbfgs && optimizer.line_search != LineSearchKind::none &&
      optimizer.clamp)
    check.refuse("optimizer.clamp",
                 "would move the points that a line search is about to judge; leave one of them out");
  check.within("optimizer.average", optimizer.average, 0, kBelowOne);
}

void check_run(const Checker& check, const Recipe& recipe) {
  check.within("noise", recipe.noise, 0, 1e6);
  check.within("noise_share", recipe.noise_share, 0, 1);
  if (recipe.stages.empty() || recipe.stages.size() > kMaxStages)
    check.refuse("stages",
                 fmt::format("has {} elements; it must have 1 to {}", recipe.stages.size(), kMaxStages));
  for (size_t i = 0; i < recipe.stages.size(); ++i) {
    check.within(fmt::format("stages[{}].size", i), recipe.stages[i].size, 1, kMaxImageSide);
    check.within(fmt::format("stages[{}].iterations", i), recipe.stages[i].iterations, 1, kMaxIterations);
  }
  if (recipe.snapshots.size() > kMaxSnapshots)
    check.refuse("snapshots", fmt::format("has {} elements; it must have at most {}", recipe.snapshots.size(),
                                          kMaxSnapshots));
  for (size_t i = 0; i < recipe.snapshots.size(); ++i)
    check.within(fmt::format("snapshots[{}]", i), recipe.snapshots[i], 1, kMaxIterations);
  check.within("pyramid.smallest", recipe.pyramid.smallest, 0, kMaxImageSide);
  check.within("pyramid.ratio", recipe.pyramid.ratio, kLeastRatio, 16);
  check.within("pyramid.iterations", recipe.pyramid.iterations, 1, kMaxIterations);
}

}  // namespace

Recipe checked_recipe(Recipe recipe) {
  const Checker check(recipe.name);
  check_layers(check, "style_layers", recipe.style_layers);
  check_layers(check, "content_layers", recipe.content_layers);
  check_objective(check, recipe);
  check_optimizer(check, recipe.optimizer);
  check_run(check, recipe);
  return recipe;
}

}  // namespace impasto
