// What an objective does in each tile: content features, Gram matrices, and the gradient of its block's part of the losses.
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

}  // namespace

Feed Objective::feed() const {
  const kernels::Preprocess settings = preprocess_settings(recipe_, *network_);
  return
      [this, settings](kernels::Context& context, const Program::Memory& memory, const kernels::Tensor& in) {
        const Rect& window = tiles_[memory.tile()].window;
        kernels::preprocess(context, {image(), image_shape_.width, window.top, window.left}, in, settings);
      };
}

TensorValue Objective::block_in(Program& program, const Tile& tile, size_t layer,
                                const TensorValue& features) const {
  return cropped(program, features, block_of(tile, features.shape, network_->poolings(layer)));
}

void Objective::plan_content() {
  content_.plan(tiles_, [&](Program& program, const Tile& tile) {
    const auto tap = [&](size_t layer, const TensorValue& features) {
      for (const ContentTerm& content : contents_) {
        if (content.layer != layer) continue;
        const TensorValue block = block_in(program, tile, layer, features);
        program.add({block.value}, [this, wanted = content.wanted, block](kernels::Context& context,
                                                                          const Program::Memory& memory) {
          context.recorder.copy(memory[block].region, picture_.region(wanted[memory.tile()]));
        });
      }
    };
    add_forward(program, *network_, recipe_, caps_, tile.window.height, tile.window.width,
                {depth_of(contents_), false}, feed(), tap);
  });
}

void Objective::plan_statistics() {
  statistics_.plan(tiles_, [&](Program& program, const Tile& tile) {
    const auto tap = [&](size_t layer, const TensorValue& features) {
      for (const StyleTerm& style : styles_)
        if (style.layer == layer) add_gram(program, style, block_in(program, tile, layer, features));
    };
    add_forward(program, *network_, recipe_, caps_, tile.window.height, tile.window.width,
                {depth_of(styles_), false}, feed(), tap);
  });
}

void Objective::add_gram(Program& program, const StyleTerm& style, const TensorValue& block) {
  const Value partials = program.value(kernels::gram_partial_bytes(block.shape), kStatistics);
  program.add({block.value, partials},
              [this, style, block, partials](kernels::Context& context, const Program::Memory& memory) {
                kernels::gram(context, memory[block], style.scale, memory[partials],
                              picture_.region(style.gram), memory.tile() > 0);
              });
}

void Objective::plan_gradient() {
  const kernels::Preprocess settings = preprocess_settings(recipe_, *network_);
  const bool accumulate = recipe_.tv != TvKind::none || !whole();
  const Drain drain = [this, settings, accumulate](kernels::Context& context, const Program::Memory& memory,
                                                   const kernels::Tensor& in) {
    const Rect& window = tiles_[memory.tile()].window;
    kernels::preprocess_gradient(context, in, {gradient(), image_shape_.width, window.top, window.left},
                                 settings, accumulate, picture_.region(unscale_));
  };
  const auto tapped = [&](size_t layer) {
    const auto here = [&](const auto& term) { return term.layer == layer; };
    return std::any_of(contents_.begin(), contents_.end(), here) ||
           std::any_of(styles_.begin(), styles_.end(), here);
  };
  gradient_pass_.plan(tiles_, [&](Program& program, const Tile& tile) {
    std::map<size_t, TensorValue> sources;
    const auto tap = [&](size_t layer, const TensorValue& features) {
      if (tapped(layer)) sources.emplace(layer, add_sources(program, tile, layer, features));
    };
    const Forward forward = add_forward(program, *network_, recipe_, caps_, tile.window.height,
                                        tile.window.width, {network_->layers().size(), true}, feed(), tap);
    add_backward(program, *network_, recipe_, caps_, forward, sources, drain);
  });
}

// The gradient of the layer's own terms, in the tile's whole window.
TensorValue Objective::add_sources(Program& program, const Tile& tile, size_t layer,
                                   const TensorValue& features) {
  const TensorValue block = block_in(program, tile, layer, features);
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
  for (const StyleTerm& style : styles_) {
    if (style.layer != layer) continue;
    if (whole()) add_gram(program, style, block);
    program.add({block.value, gradient.value}, [this, style, block, gradient, accumulate](
                                                   kernels::Context& context, const Program::Memory& memory) {
      if (whole()) record_difference(context, style);
      kernels::gram_gradient(context, memory[block], picture_.region(style.difference), memory[gradient],
                             accumulate);
    });
    accumulate = true;
  }
  return embedded(program, gradient, block_of(tile, features.shape, network_->poolings(layer)),
                  features.shape);
}

}  // namespace impasto::plan
