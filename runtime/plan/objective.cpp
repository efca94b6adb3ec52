// Puts the terms of the picture together; what happens in each tile is in tile_passes.cpp.
#include "plan/objective.h"

#include "kernels/content.h"
#include "kernels/gram.h"
#include "kernels/temporal.h"
#include "kernels/total_variation.h"
#include "plan/gradient_scale.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <span>

namespace impasto::plan {
namespace {

double norm_of(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += double(value) * double(value);
  return std::sqrt(sum);
}

}  // namespace

Objective::Objective(const vulkan::Caps& caps, const DeviceNetwork& network, const Recipe& recipe, int height,
                     int width, const Tiling& tiling)
    : caps_(caps),
      network_(&network),
      recipe_(recipe),
      image_shape_{3, height, width},
      parts_(cut_into_parts(network, recipe, height, width, tiling)),
      passes_(parts_.size()) {
  gradient_ = picture_.pinned(image_bytes(), kPicture);
  add_terms();
  totals_ = picture_.pinned(uint64_t(total_count()) * sizeof(float), kStatistics);
  unscale_ = picture_.pinned(sizeof(float), kStatistics);
  norm_ = picture_.pinned(kernels::term_bytes(kernels::squared_norm_partials(elements())), kStatistics);
  plan_maps();
  for (size_t part = 0; part < parts_.size(); part++) {
    plan_content(part);
    if (!parts_[part].evaluated_once()) plan_statistics(part);
    plan_gradient(part);
  }
}

void Objective::add_terms() {
  const std::vector<kernels::Shape> shapes =
      layer_shapes(*network_, recipe_, image_shape_.height, image_shape_.width);
  for (size_t layer = 0; layer < shapes.size(); layer++) {
    for (size_t row = 0; row < recipe_.content_layers.size(); row++)
      if (network_->find(recipe_.content_layers[row].layer) == layer) add_content(row, layer, shapes[layer]);
    for (size_t row = 0; row < recipe_.style_layers.size(); row++)
      if (network_->find(recipe_.style_layers[row].layer) == layer) add_style(row, layer, shapes[layer]);
  }
  if (recipe_.tv != TvKind::none)
    add_term({TermKind::tv, "", 0, image_shape_},
             kernels::tv_partials(image_shape_.height, image_shape_.width));
  if (recipe_.temporal_weight > 0) {
    add_term({TermKind::temporal, "", 0, image_shape_},
             kernels::temporal_partials(image_shape_.height, image_shape_.width));
    guide_ = picture_.pinned(kernels::guide_bytes(image_shape_.height, image_shape_.width), kContent);
  }
}

size_t Objective::term_of(TermKind kind) const {
  return size_t(
      std::find_if(terms_.begin(), terms_.end(), [&](const Term& term) { return term.kind == kind; }) -
      terms_.begin());
}

size_t Objective::add_term(Term term, int partials) {
  memory_.push_back({picture_.pinned(kernels::term_bytes(partials), kStatistics), partials, 0});
  terms_.push_back(std::move(term));
  return terms_.size() - 1;
}

void Objective::add_content(size_t row, size_t layer, const kernels::Shape& features) {
  ContentTerm content;
  content.layer = layer;
  int partials = 0;
  const Part& part = parts_[part_of(layer)];
  for (const Tile& tile : part.tiles) {
    const kernels::Shape window =
        layer_shapes(*network_, recipe_, part, tile.window.height, tile.window.width)[layer - part.first];
    const Rect block = block_of(tile, window, network_->poolings(layer) - network_->poolings(part.first));
    const kernels::Shape shape{features.channels, block.height, block.width, features.element};
    content.wanted.push_back(picture_.pinned(shape.bytes(), kContent));
    content.first_partials.push_back(partials);
    partials += kernels::content_partials(shape);
  }
  content.term = add_term({TermKind::content, recipe_.content_layers[row].layer, row, features}, partials);
  contents_.push_back(std::move(content));
}

void Objective::add_style(size_t row, size_t layer, const kernels::Shape& features) {
  const int channels = features.channels;
  const size_t term = add_term({TermKind::style, recipe_.style_layers[row].layer, row, features},
                               kernels::style_partials(channels));
  const double scale = gram_scale(recipe_, features) / feature_square();
  styles_.push_back({layer, term, channels, static_cast<float>(scale), 0,
                     picture_.pinned(kernels::gram_bytes(channels), kStatistics),
                     picture_.pinned(kernels::gram_bytes(channels), kStatistics),
                     picture_.pinned(kernels::gram_difference_bytes(channels), kStatistics)});
}

std::vector<uint64_t> Objective::arena() const {
  std::vector<uint64_t> blocks;
  for (const Passes& passes : passes_)
    for (const TilePrograms* pass : {&passes.content, &passes.statistics, &passes.gradient})
      blocks = pass->blocks(caps_, std::move(blocks));
  return blocks;
}

Footprint Objective::footprint(const Rounding& rounding) const {
  Footprint footprint = picture_.fullest(), tiles;
  for (const Passes& passes : passes_)
    if (Footprint part = passes.gradient.fullest(); total(part) > total(tiles)) tiles = std::move(part);
  add_to(footprint, tiles);
  const uint64_t held = sum_of(picture_.blocks(caps_), rounding) + sum_of(arena(), rounding);
  add_to(footprint, kGaps, held - total(footprint));
  add_to(footprint, kPicture, rounding(image_bytes()));
  return footprint;
}

void Objective::allocate(vulkan::Device& device) {
  image_ = std::make_shared<vulkan::Buffer>(device, image_bytes(), vulkan::MemoryKind::device);
  picture_.allocate(device, caps_);
  arena_ = allocate_blocks(device, arena());
  for (Passes& passes : passes_)
    for (TilePrograms* pass : {&passes.content, &passes.statistics, &passes.gradient})
      pass->place(arena_, caps_);
  set_weights(recipe_);
}

void Objective::set_content(kernels::Library& library, const Image& content) {
  assert(content.height == image_shape_.height && content.width == image_shape_.width);
  if (contents_.empty()) return;
  upload_image(image(), content, recipe_);
  run_once(library, [&](kernels::Context& context) {
    for (const Passes& passes : passes_) passes.content.record(context);
  });
}

void Objective::set_grams(const Grams& grams) {
  for (StyleTerm& style : styles_) {
    const std::vector<float>& target = grams[terms_[style.term].row];
    vulkan::upload(picture_.region(style.target), std::as_bytes(std::span(target)));
    style.target_norm = norm_of(target);
  }
  write_weights();
}

void Objective::set_guide(const std::vector<float>& guide) {
  assert(recipe_.temporal_weight > 0);
  vulkan::upload(picture_.region(guide_), std::as_bytes(std::span(guide)));
}

void Objective::set_weights(const Recipe& recipe) {
  for (size_t i = 0; i < terms_.size(); i++) {
    const bool content = terms_[i].kind == TermKind::content;
    memory_[i].weight = term_weight(recipe, terms_[i], image_shape_) / (content ? feature_square() : 1);
  }
  write_weights();
}

// The picture's own terms are differentiated in fp32 and not scaled.
void Objective::write_weights() {
  const double scale = scale_of_gradients();
  for (size_t i = 0; i < terms_.size(); i++) {
    const bool of_features = terms_[i].kind == TermKind::content || terms_[i].kind == TermKind::style;
    const double gradient = memory_[i].weight * (of_features ? scale : 1);
    write(memory_[i].block, {static_cast<float>(memory_[i].weight), static_cast<float>(gradient)});
  }
  write(norm_, {1, 1});
  const auto unscale = static_cast<float>(1 / scale);
  vulkan::upload(picture_.region(unscale_), std::as_bytes(std::span(&unscale, 1)));
}

void Objective::write(Value block, const kernels::TermWeights& weights) const {
  vulkan::upload(picture_.region(block).part(0, sizeof weights), std::as_bytes(std::span(&weights, 1)));
}

double Objective::scale_of_gradients() const {
  if (network_->element() == Element::fp32) return 1;
  std::vector<StyleSize> styles;
  for (const StyleTerm& style : styles_)
    styles.push_back(
        {memory_[style.term].weight, style.scale, style.target_norm, terms_[style.term].features});
  std::vector<double> contents;
  for (const ContentTerm& content : contents_) contents.push_back(memory_[content.term].weight);
  return gradient_scale(typical_gradient(styles, contents));
}

void Objective::record(kernels::Context& context) const {
  for (const Passes& passes : passes_) passes.statistics.record(context);
  for (const StyleTerm& style : styles_)
    if (!parts_[part_of(style.layer)].evaluated_once()) record_difference(context, style);
  if (recipe_.tv != TvKind::none)
    record_tv(context);
  else if (parts_[0].tiles.size() > 1)
    context.recorder.fill(gradient(), 0);
  for (size_t part = parts_.size(); part-- > 0;) {
    if (part > 0 && parts_[part].tiles.size() > 1) context.recorder.fill(map_gradient(part).region, 0);
    passes_[part].gradient.record(context);
  }
  if (recipe_.temporal_weight > 0) record_temporal(context);
  record_totals(context);
}

void Objective::record_difference(kernels::Context& context, const StyleTerm& style) const {
  kernels::style_difference(context, style.channels, style.scale, picture_.region(style.gram),
                            picture_.region(style.target), picture_.region(style.difference),
                            term_block(style.term));
}

void Objective::record_tv(kernels::Context& context) const {
  const kernels::TvSettings settings{recipe_.tv,
                                     static_cast<float>(recipe_.tv_range / recipe_.optimizer.variable_range),
                                     static_cast<float>(recipe_.tv_exponent)};
  kernels::total_variation(context, image(), image_shape_.height, image_shape_.width, settings,
                           term_block(term_of(TermKind::tv)), gradient());
}

void Objective::record_temporal(kernels::Context& context) const {
  const auto scale = static_cast<float>(recipe_.input.range / recipe_.optimizer.variable_range);
  kernels::temporal(context, image(), picture_.region(guide_), image_shape_.height, image_shape_.width, scale,
                    term_block(term_of(TermKind::temporal)), gradient());
}

void Objective::record_totals(kernels::Context& context) const {
  const vulkan::Region norm = picture_.region(norm_);
  kernels::squared_norm(context, gradient(), elements(), norm);
  for (size_t i = 0; i < memory_.size(); i++)
    kernels::term_value(context, term_block(i), memory_[i].partials, totals(), static_cast<int>(i));
  kernels::term_value(context, norm, kernels::squared_norm_partials(elements()), totals(),
                      static_cast<int>(memory_.size()));
}

}  // namespace impasto::plan
