// The objective of a recipe at one size: losses and the gradient of the picture, ready to be recorded.
//
// A picture is evaluated whole or in tiles. In tiles, a first pass over them sums the Gram matrices of the whole picture, and a second
// one back-propagates what each tile's block contributes and adds up the picture's gradient where windows overlap. Where the layers
// are in two parts, the first pass also keeps what the deep part reads, and the second one begins with the deep part.
#pragma once

#include "kernels/term.h"
#include "plan/backward.h"
#include "plan/targets.h"
#include "plan/terms.h"
#include "plan/tile_programs.h"

#include <memory>
#include <vector>

namespace impasto::plan {

// Taps in a tile.
struct TileTaps {
  std::function<bool(size_t layer)> reads;
  std::function<void(Program&, const Tile&, size_t layer, const TensorValue& features)> features;
};

class Objective {
 public:
  // Plans evaluations of pictures of this size; allocates nothing. The network must outlive it. Throws Error(budget) when one value is
  // larger than the device allocates.
  Objective(const vulkan::Caps& caps, const DeviceNetwork& network, const Recipe& recipe, int height,
            int width, const Tiling& tiling = {});

  Objective(const Objective&) = delete;  // its operations refer to it
  Objective& operator=(const Objective&) = delete;

  // What allocate() will ask for.
  Footprint footprint(const Rounding& rounding) const;

  void allocate(vulkan::Device& device);

  // What to compare with from the next submission on; after allocate(). content: of this size, its features are computed here, by way
  // of image().
  void set_content(kernels::Library& library, const Image& content);
  void set_grams(const Grams& grams);
  // guide: as kernels/temporal.h lays it out; only where the recipe's temporal_weight is above 0.
  void set_guide(const std::vector<float>& guide);

  // The weights of this recipe from the next submission on; it must have the layers of the one that the objective was made with.
  void set_weights(const Recipe& recipe);

  // Image → term values and gradient.
  void record(kernels::Context& context) const;

  const std::vector<Term>& terms() const { return terms_; }
  const std::vector<Part>& parts() const { return parts_; }
  int64_t elements() const { return 3 * image_shape_.pixels(); }

  vulkan::Region image() const { return image_->all(); }  // height × width × 3 floats, variable_range·x
  std::shared_ptr<const vulkan::Buffer> picture() const {
    return image_;
  }  // what image() lies in; may outlive this
  vulkan::Region gradient() const { return picture_.region(gradient_); }  // d total / d image
  vulkan::Region totals() const { return picture_.region(totals_); }  // a float a term, then Σ gradient²
  vulkan::Region losses() const {
    return totals().part(0, terms_.size() * sizeof(float));
  }  // the terms alone
  int total_count() const { return static_cast<int>(terms_.size()) + 1; }

 private:
  struct TermMemory {
    Value block;
    int partials = 0;
    double weight = 0;  // of what the device sums
  };
  struct ContentTerm {
    size_t layer = 0;
    size_t term = 0;
    std::vector<Value> wanted;        // of each tile's block
    std::vector<int> first_partials;  // likewise
  };
  struct StyleTerm {
    size_t layer = 0;
    size_t term = 0;
    int channels = 0;
    float scale = 1;  // of F Fᵀ as the device has it
    double target_norm = 0;
    Value target, gram, difference;
  };
  // objective.cpp: what the whole picture has.
  void add_terms();
  size_t add_term(Term term, int partials);
  void add_content(size_t row, size_t layer, const kernels::Shape& features);
  void add_style(size_t row, size_t layer, const kernels::Shape& features);
  std::vector<uint64_t> arena() const;
  vulkan::Region term_block(size_t term) const { return picture_.region(memory_[term].block); }
  size_t term_of(TermKind kind) const;  // of a kind that there is one of
  void write_weights();
  void write(Value block, const kernels::TermWeights& weights) const;
  double scale_of_gradients() const;
  double feature_square() const { return network_->feature_scale() * network_->feature_scale(); }
  void record_difference(kernels::Context& context, const StyleTerm& style) const;
  void record_tv(kernels::Context& context) const;
  void record_temporal(kernels::Context& context) const;
  void record_totals(kernels::Context& context) const;

  // tile_passes.cpp: what each tile does.
  struct Passes {
    TilePrograms content, statistics, gradient;
  };
  void plan_maps();
  void plan_content(size_t part);
  void plan_statistics(size_t part);
  void plan_gradient(size_t part);
  void plan_forward(TilePrograms& pass, size_t part, size_t depth, const TileTaps& taps);
  Source source_of(Program& program, size_t part, const Tile& tile, size_t layer,
                   const TensorValue& features);
  void add_style_losses(Program& program, size_t layer, const TensorValue& features);
  TensorValue add_source(Program& program, const Rect& rect, size_t layer, const TensorValue& features);
  TensorValue add_content_source(Program& program, const Rect& rect, size_t layer,
                                 const TensorValue& features);
  void record_style_gradients(kernels::Context& context, size_t layer, const kernels::Tensor& features,
                              const Rect& rect, const kernels::Tensor& gradient, bool accumulate) const;
  TensorValue add_remade_source(Program& program, const Rect& rect, size_t layer,
                                const kernels::Shape& features);
  TensorValue add_gradient_above(Program& program, size_t part, const Tile& tile, const TensorValue& pooled);
  void add_gram(Program& program, const StyleTerm& style, const TensorValue& features, const Rect& block);
  Rect in_map(size_t part, size_t tile, const Rect& block) const;
  Rect block_at(size_t part, const Tile& tile, size_t layer, const TensorValue& features) const;
  Feed feed(size_t part) const;
  Drain drain(size_t part) const;
  bool tapped(size_t layer) const;
  bool remade(size_t layer) const;
  size_t part_of(size_t layer) const { return parts_.size() == 1 || parts_[0].has(layer) ? 0 : 1; }
  // Of what a part after the first reads.
  kernels::Tensor map(size_t part) const { return {parts_[part].input, picture_.region(maps_[part])}; }
  kernels::Tensor map_gradient(size_t part) const {
    return {parts_[part].input, picture_.region(map_gradients_[part])};
  }
  uint64_t image_bytes() const { return uint64_t(elements()) * sizeof(float); }

  vulkan::Caps caps_;
  const DeviceNetwork* network_;
  Recipe recipe_;
  kernels::Shape image_shape_;
  std::vector<Part> parts_;
  Program picture_;  // the memory that tiles share
  std::shared_ptr<const vulkan::Buffer> image_;
  Value gradient_, totals_, norm_, guide_;
  Value unscale_;  // what gradients on the device are multiplied by to be those of the picture
  std::vector<Term> terms_;
  std::vector<TermMemory> memory_;
  std::vector<ContentTerm> contents_;
  std::vector<StyleTerm> styles_;
  std::vector<Value> maps_, map_gradients_;  // a part's input; none of the first, which reads the image
  std::vector<Passes> passes_;               // of each part
  std::vector<vulkan::Buffer> arena_;        // of all of them
};

}  // namespace impasto::plan
