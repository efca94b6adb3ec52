// Puts forward pass, loss terms and backward pass together.
#include "plan/objective.h"

#include "kernels/content.h"
#include "kernels/gram.h"
#include "kernels/total_variation.h"

#include <cassert>
#include <span>

namespace impasto::plan {

Objective::Objective(kernels::Library& library, const DeviceNetwork& network, const Recipe& recipe,
                     int height, int width, const std::vector<std::unique_ptr<vulkan::Buffer>>& content,
                     const std::vector<std::vector<float>>& grams)
    : image_shape_{3, height, width} {
  const uint64_t image_bytes = uint64_t(elements()) * sizeof(float);
  image_ = program_.pinned(image_bytes);
  gradient_ = program_.pinned(image_bytes);
  const Forward forward = add_forward(
      program_, network, recipe, library.caps(), image_, height, width, true,
      [&](size_t layer, const TensorValue& features) { tap(network, recipe, content, layer, features); });
  if (recipe.tv != TvKind::none) add_tv(recipe);
  add_backward(program_, network, recipe, library.caps(), forward, sources_, gradient_,
               recipe.tv != TvKind::none);
  add_totals();
  program_.allocate(library.device(), library.caps());
  set_weights(recipe);
  for (const TermMemory& memory : memory_)
    if (memory.gram.exists())
      vulkan::upload(program_.region(memory.gram), std::as_bytes(std::span(grams[memory.row])));
}

void Objective::tap(const DeviceNetwork& network, const Recipe& recipe,
                    const std::vector<std::unique_ptr<vulkan::Buffer>>& content, size_t layer,
                    const TensorValue& features) {
  for (size_t row = 0; row < recipe.content_layers.size(); row++)
    if (network.find(recipe.content_layers[row].layer) == layer)
      add_content(recipe, row, content[row]->all(), layer, features);
  for (size_t row = 0; row < recipe.style_layers.size(); row++)
    if (network.find(recipe.style_layers[row].layer) == layer) add_style(recipe, row, layer, features);
}

TensorValue Objective::source_for(size_t layer, const TensorValue& features, bool& accumulate) {
  const auto found = sources_.find(layer);
  accumulate = found != sources_.end();
  return accumulate ? found->second : sources_.emplace(layer, program_.tensor(features.shape)).first->second;
}

Value Objective::add_term(Term term, int partials) {
  const Value block = program_.pinned(kernels::term_bytes(partials));
  memory_.push_back({block, partials, {}, term.row});
  terms_.push_back(std::move(term));
  return block;
}

void Objective::add_content(const Recipe& recipe, size_t row, const vulkan::Region& target, size_t layer,
                            const TensorValue& features) {
  const Value block = add_term({TermKind::content, recipe.content_layers[row].layer, row, features.shape},
                               kernels::content_partials(features.shape));
  bool accumulate = false;
  const TensorValue gradient = source_for(layer, features, accumulate);
  const kernels::Tensor wanted{features.shape, target};
  program_.add({features.value, gradient.value}, [=](kernels::Context& context,
                                                     const Program::Memory& memory) {
    kernels::content_loss(context, memory[features], wanted, memory[block]);
    kernels::content_gradient(context, memory[features], wanted, memory[block], memory[gradient], accumulate);
  });
}

void Objective::add_style(const Recipe& recipe, size_t row, size_t layer, const TensorValue& features) {
  const int channels = features.shape.channels;
  const Value block = add_term({TermKind::style, recipe.style_layers[row].layer, row, features.shape},
                               kernels::style_partials(channels));
  const Value target = program_.pinned(kernels::gram_bytes(channels));
  memory_.back().gram = target;
  const Value partials = program_.value(kernels::gram_partial_bytes(features.shape));
  const Value gram = program_.value(kernels::gram_bytes(channels));
  const Value difference = program_.value(kernels::gram_difference_bytes(channels));
  bool accumulate = false;
  const TensorValue gradient = source_for(layer, features, accumulate);
  const auto scale = static_cast<float>(gram_scale(recipe, features.shape));
  program_.add({features.value, gradient.value, partials, gram, difference},
               [=](kernels::Context& context, const Program::Memory& memory) {
                 kernels::gram(context, memory[features], scale, memory[partials], memory[gram]);
                 kernels::style_difference(context, channels, scale, memory[gram], memory[target],
                                           memory[difference], memory[block]);
                 kernels::gram_gradient(context, memory[features], memory[difference], memory[gradient],
                                        accumulate);
               });
}

void Objective::add_tv(const Recipe& recipe) {
  const int height = image_shape_.height, width = image_shape_.width;
  const Value block = add_term({TermKind::tv, "", 0, image_shape_}, kernels::tv_partials(height, width));
  const kernels::TvSettings settings{recipe.tv,
                                     static_cast<float>(recipe.tv_range / recipe.optimizer.variable_range),
                                     static_cast<float>(recipe.tv_exponent)};
  const Value image = image_, gradient = gradient_;
  program_.add({image, gradient}, [=](kernels::Context& context, const Program::Memory& memory) {
    kernels::total_variation(context, memory[image], height, width, settings, memory[block],
                             memory[gradient]);
  });
}

void Objective::add_totals() {
  totals_ = program_.pinned(uint64_t(total_count()) * sizeof(float));
  const int norm_partials = kernels::squared_norm_partials(elements());
  norm_ = program_.pinned(kernels::term_bytes(norm_partials));
  program_.add({}, [this, norm_partials](kernels::Context& context, const Program::Memory& memory) {
    kernels::squared_norm(context, memory[gradient_], elements(), memory[norm_]);
    for (size_t i = 0; i < memory_.size(); i++)
      kernels::term_value(context, memory[memory_[i].block], memory_[i].partials, memory[totals_],
                          static_cast<int>(i));
    kernels::term_value(context, memory[norm_], norm_partials, memory[totals_],
                        static_cast<int>(memory_.size()));
  });
}

void Objective::set_weights(const Recipe& recipe) {
  const auto write = [&](Value block, double weight) {
    const auto value = static_cast<float>(weight);
    vulkan::upload(program_.region(block).part(0, sizeof value), std::as_bytes(std::span(&value, 1)));
  };
  for (size_t i = 0; i < terms_.size(); i++)
    write(memory_[i].block, term_weight(recipe, terms_[i], image_shape_));
  write(norm_, 1);
}

}  // namespace impasto::plan
