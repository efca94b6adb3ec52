// What an objective does in each tile: content features, Gram matrices, and the gradient of its block's part of the losses.
#include "common/layout.h"
#include "kernels/content.h"
#include "kernels/gram.h"
#include "plan/objective.h"
#include "plan/window.h"

#include <algorithm>

namespace impasto::plan {
namespace {

// Layers that the terms look at, from the first.
template <typename Terms>
size_t depth_of(const Terms& terms) {
  size_t depth = 0;
  for (const auto& term : terms) depth = std::max(depth, term.layer + 1);
  return depth;
}

template <typename Terms>
bool reads(const Terms& terms, size_t layer) {
  return std::any_of(terms.begin(), terms.end(), [&](const auto& term) { return term.layer == layer; });
}

void add_clearing(Program& program, const TensorValue& tensor, const Rect& rect) {
  if (rect == kernels::all_of(tensor.shape)) return;
  program.add({tensor.value}, [tensor, rect](kernels::Context& context, const Program::Memory& memory) {
    kernels::clear_around(context, memory[tensor], rect);
  });
}

// Of a map of this shape, a multiple of what tiles have, and as many as stay in a card's cache.
int rows_of_band(const vulkan::Caps& caps, const kernels::Shape& shape) {
  constexpr uint64_t kCached = uint64_t{16} << 20;
  const auto rows = static_cast<int>(std::min(scratch_bytes(caps), kCached) / shape.row_bytes());
  return std::min(std::max(rows / shared::kTile, 1) * shared::kTile, shape.height);
}

}  // namespace

// A part whose gradient is written when its input has been read needs no more memory for it.
void Objective::plan_maps() {
  maps_.resize(parts_.size());
  map_gradients_.resize(parts_.size());
  for (size_t part = 1; part < parts_.size(); part++) {
    maps_[part] = picture_.pinned(parts_[part].input.bytes(), kMap);
    map_gradients_[part] =
        parts_[part].tiles.size() == 1 ? maps_[part] : picture_.pinned(parts_[part].input.bytes(), kMap);
  }
}

Feed Objective::feed(size_t part) const {
  if (part > 0)
    return [this, part](kernels::Context& context, const Program::Memory& memory, const kernels::Tensor& in) {
      const Rect& window = parts_[part].tiles[memory.tile()].window;
      kernels::copy_window(context, map(part), in, {window, 0, 0}, kernels::all_of(in.shape));
    };
  const kernels::Preprocess settings = preprocess_settings(recipe_, *network_);
  return
      [this, settings](kernels::Context& context, const Program::Memory& memory, const kernels::Tensor& in) {
        const Rect& window = parts_[0].tiles[memory.tile()].window;
        kernels::preprocess(context, {image(), image_shape_.width, window.top, window.left}, in, settings);
      };
}

Drain Objective::drain(size_t part) const {
  const bool one = parts_[part].tiles.size() == 1;
  if (part > 0)
    return [this, part, one](kernels::Context& context, const Program::Memory& memory,
                             const kernels::Tensor& in) {
      const Rect& window = parts_[part].tiles[memory.tile()].window;
      kernels::copy_window(context, in, map_gradient(part),
                           {kernels::all_of(in.shape), window.top, window.left}, window, !one);
    };
  const kernels::Preprocess settings = preprocess_settings(recipe_, *network_);
  const bool accumulate = recipe_.tv != TvKind::none || !one;
  return [this, settings, accumulate](kernels::Context& context, const Program::Memory& memory,
                                      const kernels::Tensor& in) {
    const Rect& window = parts_[0].tiles[memory.tile()].window;
    kernels::preprocess_gradient(context, in, {gradient(), image_shape_.width, window.top, window.left},
                                 settings, accumulate, picture_.region(unscale_));
  };
}

bool Objective::tapped(size_t layer) const {
  return reads(contents_, layer) || reads(styles_, layer);
}

Rect Objective::block_at(size_t part, const Tile& tile, size_t layer, const TensorValue& features) const {
  return block_of(tile, features.shape, network_->poolings(layer) - network_->poolings(parts_[part].first));
}

// Where a block of what a tile has pooled lies in the map that the next part reads.
Rect Objective::in_map(size_t part, size_t tile, const Rect& block) const {
  const Part& layers = parts_[part];
  const int poolings = network_->poolings(layers.last) - network_->poolings(layers.first);
  const Rect& window = layers.tiles[tile].window;
  return {(window.top >> poolings) + block.top, (window.left >> poolings) + block.left, block.height,
          block.width};
}

// Evaluates the part's layers among the first `depth`, and keeps what the next part reads when there are more.
void Objective::plan_forward(TilePrograms& pass, size_t part, size_t depth, const TileTaps& taps) {
  const Part& layers = parts_[part];
  if (depth <= layers.first) return;
  const bool goes_on = depth > layers.last;
  pass.plan(layers.tiles, [&](Program& program, const Tile& tile) {
    const Forward forward = add_forward(
        program, *network_, recipe_, caps_, tile.window.height, tile.window.width,
        {layers.first, std::min(depth, layers.last), goes_on, false}, feed(part),
        {taps.reads,
         [&](size_t layer, const TensorValue& features) { taps.features(program, tile, layer, features); }});
    if (!goes_on) return;
    const Rect block = block_at(part, tile, layers.last, forward.pooled);
    program.add({forward.pooled.value}, [this, part, block, pooled = forward.pooled](
                                            kernels::Context& context, const Program::Memory& memory) {
      const Rect to = in_map(part, memory.tile(), block);
      kernels::copy_window(context, memory[pooled], map(part + 1), {block, to.top, to.left}, to);
    });
  });
}

void Objective::plan_content(size_t part) {
  const auto tap = [&](Program& program, const Tile& tile, size_t layer, const TensorValue& features) {
    for (const ContentTerm& content : contents_) {
      if (content.layer != layer) continue;
      const TensorValue block = cropped(program, features, block_at(part, tile, layer, features));
      program.add({block.value}, [this, wanted = content.wanted, block](kernels::Context& context,
                                                                        const Program::Memory& memory) {
        context.recorder.copy(memory[block].region, picture_.region(wanted[memory.tile()]));
      });
    }
  };
  const auto reads_layer = [&](size_t layer) { return reads(contents_, layer); };
  plan_forward(passes_[part].content, part, depth_of(contents_), {reads_layer, tap});
}

void Objective::plan_statistics(size_t part) {
  const auto tap = [&](Program& program, const Tile& tile, size_t layer, const TensorValue& features) {
    for (const StyleTerm& style : styles_)
      if (style.layer == layer) add_gram(program, style, features, block_at(part, tile, layer, features));
  };
  const size_t read_below = part + 1 < parts_.size() ? parts_[part].last + 1 : 0;
  const auto reads_layer = [&](size_t layer) { return reads(styles_, layer); };
  plan_forward(passes_[part].statistics, part, std::max(depth_of(styles_), read_below), {reads_layer, tap});
}

void Objective::add_gram(Program& program, const StyleTerm& style, const TensorValue& features,
                         const Rect& block) {
  const Value partials =
      program.value(kernels::gram_partial_bytes(caps_, features.shape, block), kStatistics);
  program.add({features.value, partials}, [this, style, features, block, partials](
                                              kernels::Context& context, const Program::Memory& memory) {
    kernels::gram(context, memory[features], block, style.scale, memory[partials],
                  picture_.region(style.gram), memory.tile() > 0);
  });
}

void Objective::plan_gradient(size_t part) {
  const Part& layers = parts_[part];
  passes_[part].gradient.plan(layers.tiles, [&](Program& program, const Tile& tile) {
    std::map<size_t, TensorValue> waiting;
    std::map<size_t, Source> sources;
    const auto tap = [&](size_t layer, const TensorValue& features) { waiting.emplace(layer, features); };
    // Features take as much as their gradient, and with both the stage's next map would be the third of its size.
    const auto stage_end = [&] {
      for (const auto& [layer, features] : waiting)
        sources.emplace(layer, source_of(program, part, tile, layer, features));
      waiting.clear();
    };
    const Forward forward =
        add_forward(program, *network_, recipe_, caps_, tile.window.height, tile.window.width,
                    {layers.first, layers.last, layers.pooled, true}, feed(part),
                    {[this](size_t layer) { return tapped(layer); }, tap, stage_end});
    const TensorValue above =
        layers.pooled ? add_gradient_above(program, part, tile, forward.pooled) : TensorValue{};
    add_backward(program, *network_, recipe_, caps_, forward, sources, above, drain(part));
  });
}

// The gradient of what the tile's block has pooled, in the tile's whole window.
TensorValue Objective::add_gradient_above(Program& program, size_t part, const Tile& tile,
                                          const TensorValue& pooled) {
  const TensorValue above = program.tensor(pooled.shape);
  const Rect block = block_at(part, tile, parts_[part].last, pooled);
  program.add({above.value},
              [this, part, block, above](kernels::Context& context, const Program::Memory& memory) {
                const Rect from = in_map(part, memory.tile(), block);
                kernels::copy_window(context, map_gradient(part + 1), memory[above],
                                     {from, block.top, block.left}, kernels::all_of(above.shape));
              });
  return above;
}

// Whether what a layer makes is made again for the gradient of its terms: the first layer's is the largest map, and nothing else takes as
// little to make.
bool Objective::remade(size_t layer) const {
  return layer == 0 && network_->layers()[0].weights.direct() && !reads(contents_, layer);
}

// The gradient of the layer's own terms, in the tile's whole window.
Source Objective::source_of(Program& program, size_t part, const Tile& tile, size_t layer,
                            const TensorValue& features) {
  const Rect rect = block_at(part, tile, layer, features);
  if (parts_[part].evaluated_once()) add_style_losses(program, layer, features);
  if (remade(layer))
    return [this, &program, rect, layer, shape = features.shape] {
      return add_remade_source(program, rect, layer, shape);
    };
  const TensorValue source = add_source(program, rect, layer, features);
  return [source] { return source; };
}

void Objective::add_style_losses(Program& program, size_t layer, const TensorValue& features) {
  for (const StyleTerm& style : styles_) {
    if (style.layer != layer) continue;
    add_gram(program, style, features, kernels::all_of(features.shape));
    program.add({}, [this, style](kernels::Context& context, const Program::Memory&) {
      record_difference(context, style);
    });
  }
}

TensorValue Objective::add_source(Program& program, const Rect& rect, size_t layer,
                                  const TensorValue& features) {
  const bool content = reads(contents_, layer);
  const TensorValue gradient =
      content ? add_content_source(program, rect, layer, features) : program.tensor(features.shape);
  if (!content) add_clearing(program, gradient, rect);
  program.add({features.value, gradient.value},
              [this, rect, layer, features, gradient, content](kernels::Context& context,
                                                               const Program::Memory& memory) {
                record_style_gradients(context, layer, memory[features], rect, memory[gradient], content);
              });
  return gradient;
}

// With the losses.
TensorValue Objective::add_content_source(Program& program, const Rect& rect, size_t layer,
                                          const TensorValue& features) {
  const TensorValue block = cropped(program, features, rect);
  const TensorValue gradient = program.tensor(block.shape);
  bool accumulate = false;
  for (const ContentTerm& content : contents_) {
    if (content.layer != layer) continue;
    program.add({block.value, gradient.value}, [this, content, block, gradient, accumulate](
                                                   kernels::Context& context, const Program::Memory& memory) {
      const kernels::Tensor wanted{block.shape, picture_.region(content.wanted[memory.tile()])};
      const vulkan::Region term = term_block(content.term);
      kernels::content_loss(context, memory[block], wanted, term, content.first_partials[memory.tile()]);
      kernels::content_gradient(context, memory[block], wanted, term, memory[gradient], accumulate);
    });
    accumulate = true;
  }
  return embedded(program, gradient, rect, features.shape);
}

// The same of the block `rect` of a layer that is remade: some rows of features at a time, which stay in a cache.
TensorValue Objective::add_remade_source(Program& program, const Rect& rect, size_t layer,
                                         const kernels::Shape& features) {
  const DeviceNetwork::Layer& made = network_->layers()[layer];
  const kernels::ConvolutionWeights weights = made.weights;
  const kernels::Padding padding = padding_of(recipe_, made);
  const TensorValue input = add_input(program, *network_, layer, features.height, features.width, feed(0));
  kernels::Shape some = features;
  some.height = rows_of_band(caps_, features);
  const TensorValue band{program.value(some.bytes(), kScratch), some};
  const TensorValue gradient = program.tensor(features);
  add_clearing(program, gradient, rect);
  program.add({input.value, band.value, gradient.value},
              [=, this](kernels::Context& context, const Program::Memory& memory) {
                for (int top = rect.top; top < rect.bottom(); top += some.height) {
                  const int rows = std::min(some.height, rect.bottom() - top);
                  const kernels::Tensor again = memory[band].rows(0, rows);
                  kernels::convolution_forward_rows(context, weights, memory[input], top, again, padding);
                  record_style_gradients(context, layer, again, {0, rect.left, rows, rect.width},
                                         memory[gradient].rows(top, rows), false);
                }
              });
  return gradient;
}

void Objective::record_style_gradients(kernels::Context& context, size_t layer,
                                       const kernels::Tensor& features, const Rect& rect,
                                       const kernels::Tensor& gradient, bool accumulate) const {
  for (const StyleTerm& style : styles_) {
    if (style.layer != layer) continue;
    kernels::gram_gradient(context, features, rect, picture_.region(style.difference), gradient, accumulate);
    accumulate = true;
  }
}

}  // namespace impasto::plan
