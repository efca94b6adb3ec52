// Features forward as far as the recipe looks, and gradients back down to the picture.
#include "reference/objective.h"

#include "reference/image.h"
#include "reference/pooling.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

namespace impasto::reference {
namespace {

// One layer's record: what its pooling saw, if one stands before it, and what came out of its ReLU.
struct Step {
  const Layer* layer;
  std::optional<Array> before_pooling;
  Array activation;
};

std::string relu_name(const Layer& layer) {
  return "relu" + layer.name;
}

bool looks_at(const Recipe& recipe, const Layer& layer) {
  const auto named = [&](const LayerWeight& weight) { return weight.layer == relu_name(layer); };
  return std::any_of(recipe.style_layers.begin(), recipe.style_layers.end(), named) ||
         std::any_of(recipe.content_layers.begin(), recipe.content_layers.end(), named);
}

// Layers up to the last one that the recipe looks at.
size_t depth_of(const Recipe& recipe, const Network& network) {
  size_t depth = 0;
  for (size_t i = 0; i < network.size(); ++i)
    if (looks_at(recipe, network[i])) depth = i + 1;
  return depth;
}

// What surrounds the input of a layer.
Padding padding_of(const Recipe& recipe, bool first) {
  const bool replicates =
      recipe.padding == PaddingKind::replicate || (first && recipe.padding == PaddingKind::replicate_first);
  return replicates ? Padding::replicate : Padding::zero;
}

std::vector<Step> forward(const Recipe& recipe, const Network& network, const Array& picture) {
  std::vector<Step> steps;
  Array current = preprocess(picture, recipe.input);
  for (size_t i = 0; i < depth_of(recipe, network); ++i) {
    const Layer& layer = network[i];
    Step step{&layer, std::nullopt, {}};
    if (i > 0 && layer.name[0] != network[i - 1].name[0]) {
      Array pooled = pool(current, {recipe.pooling, recipe.rounding});
      step.before_pooling = std::exchange(current, std::move(pooled));
    }
    step.activation = current = relu(convolve(current, layer.kernel, padding_of(recipe, i == 0)));
    steps.push_back(std::move(step));
  }
  return steps;
}

const Array& activation_of(const std::vector<Step>& steps, const std::string& layer) {
  const auto found = std::find_if(steps.begin(), steps.end(),
                                  [&](const Step& step) { return relu_name(*step.layer) == layer; });
  assert(found != steps.end());
  return found->activation;
}

// The gradients that the terms put on each layer, and the losses.
std::map<std::string, Array> add_terms(const Recipe& recipe, const std::vector<Step>& steps,
                                       const Targets& targets, double image_area, Losses& losses) {
  std::map<std::string, Array> seeds;
  const auto add = [&](const std::string& layer, Term term, double& loss) {
    loss += term.value;
    const auto [place, fresh] = seeds.try_emplace(layer, term.gradient);
    if (!fresh) add_scaled(place->second, term.gradient);
  };
  for (const LayerWeight& layer : recipe.style_layers)
    add(layer.layer,
        style_term(recipe, recipe.style_weight * layer.weight, activation_of(steps, layer.layer),
                   targets.style.at(layer.layer), image_area),
        losses.style);
  for (const LayerWeight& layer : recipe.content_layers)
    add(layer.layer,
        content_term(recipe.content_reduction, recipe.content_weight * layer.weight,
                     activation_of(steps, layer.layer), targets.content.at(layer.layer)),
        losses.content);
  return seeds;
}

Array backward(const Recipe& recipe, const std::vector<Step>& steps,
               const std::map<std::string, Array>& seeds) {
  Array gradient = steps.back().activation.like();
  for (size_t i = steps.size(); i-- > 0;) {
    const Step& step = steps[i];
    const auto seed = seeds.find(relu_name(*step.layer));
    if (seed != seeds.end()) add_scaled(gradient, seed->second);
    gradient = convolve_gradient(relu_gradient(gradient, step.activation), step.layer->kernel,
                                 padding_of(recipe, i == 0));
    if (step.before_pooling)
      gradient = pool_gradient(gradient, *step.before_pooling, {recipe.pooling, recipe.rounding});
  }
  return preprocess_gradient(gradient, recipe.input);
}

}  // namespace

Targets make_targets(const Recipe& recipe, const Network& network, const Array& content, const Array& style) {
  Targets targets;
  const std::vector<Step> of_style = forward(recipe, network, style);
  for (const LayerWeight& layer : recipe.style_layers) {
    const Array& features = activation_of(of_style, layer.layer);
    targets.style[layer.layer] = gram(features, divisor_of(recipe.gram_divisor, features));
  }
  const std::vector<Step> of_content = forward(recipe, network, content);
  for (const LayerWeight& layer : recipe.content_layers)
    targets.content[layer.layer] = activation_of(of_content, layer.layer);
  return targets;
}

Losses evaluate(const Recipe& recipe, const Network& network, const Targets& targets, const Array& picture) {
  Losses losses;
  const std::vector<Step> steps = forward(recipe, network, picture);
  const std::map<std::string, Array> seeds =
      add_terms(recipe, steps, targets, double(picture.pixels()), losses);
  losses.gradient = backward(recipe, steps, seeds);
  const Term tv = total_variation(recipe.tv, picture, recipe.tv_range, recipe.tv_exponent);
  const double tv_weight = recipe.tv_weight * reduction_factor(recipe.tv_reduction, 3 * picture.pixels());
  losses.tv = tv_weight * tv.value;
  add_scaled(losses.gradient, tv.gradient, tv_weight);
  losses.total = losses.content + losses.style + losses.tv;
  return losses;
}

}  // namespace impasto::reference
