// The weights of an objective's terms.
#include "plan/terms.h"

namespace impasto::plan {
namespace {

// What the recipe's reduction multiplies a sum over `count` squares by.
double reduction_factor(Reduction reduction, double count) {
  switch (reduction) {
    case Reduction::mean:
      return 1 / count;
    case Reduction::sum:
      return 1;
    case Reduction::half_sum:
      return 0.5;
  }
  return 1;
}

double style_factor(StyleFactor factor, const kernels::Shape& features, const kernels::Shape& image) {
  const double channels = features.channels, pixels = double(features.pixels()),
               area = double(image.pixels());
  switch (factor) {
    case StyleFactor::one:
      return 1;
    case StyleFactor::per_channels_squared:
      return 1 / (channels * channels);
    case StyleFactor::image_area:
      return 1 / (4 * 9 * area * area);
    case StyleFactor::gatys_paper:
      return 1 / (4 * channels * channels * pixels * pixels);
  }
  return 1;
}

}  // namespace

double gram_scale(const Recipe& recipe, const kernels::Shape& features) {
  switch (recipe.gram_divisor) {
    case GramDivisor::one:
      return 1;
    case GramDivisor::n:
      return 1 / double(features.pixels());
    case GramDivisor::channels_times_n:
      return 1 / (double(features.channels) * double(features.pixels()));
  }
  return 1;
}

double term_weight(const Recipe& recipe, const Term& term, const kernels::Shape& image) {
  const double channels = term.features.channels, pixels = double(term.features.pixels());
  switch (term.kind) {
    case TermKind::content:
      return recipe.content_weight * recipe.content_layers[term.row].weight *
             reduction_factor(recipe.content_reduction, channels * pixels);
    case TermKind::style:
      return recipe.style_weight * recipe.style_layers[term.row].weight *
             style_factor(recipe.style_factor, term.features, image) *
             reduction_factor(recipe.style_reduction, channels * channels);
    case TermKind::tv:
      return recipe.tv_weight * reduction_factor(recipe.tv_reduction, 3 * double(image.pixels()));
    case TermKind::temporal:
      return recipe.temporal_weight * recipe.content_weight *
             reduction_factor(recipe.content_reduction, 3 * double(image.pixels()));
  }
  return 0;
}

}  // namespace impasto::plan
