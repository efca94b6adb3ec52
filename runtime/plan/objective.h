// The objective of a recipe at one size: losses and the gradient of the picture, ready to be recorded.
#pragma once

#include "plan/backward.h"
#include "plan/targets.h"
#include "plan/terms.h"

#include <memory>
#include <vector>

namespace impasto::plan {

class Objective {
 public:
  // Allocates everything an evaluation needs; `content` and `grams` are what targets.h makes. Throws Error(budget) when one value is
  // larger than the device allocates.
  Objective(kernels::Library& library, const DeviceNetwork& network, const Recipe& recipe, int height,
            int width, const std::vector<std::unique_ptr<vulkan::Buffer>>& content,
            const std::vector<std::vector<float>>& grams);

  Objective(const Objective&) = delete;  // its operations refer to it
  Objective& operator=(const Objective&) = delete;

  // Image → term values and gradient.
  void record(kernels::Context& context) const { program_.record(context); }

  // The weights of this recipe from the next submission on; it must have the layers of the one that the objective was made with.
  void set_weights(const Recipe& recipe);

  const std::vector<Term>& terms() const { return terms_; }
  int64_t elements() const { return 3 * image_shape_.pixels(); }

  vulkan::Region image() const {
    return program_.region(image_);
  }  // height × width × 3 floats, variable_range·x
  vulkan::Region gradient() const { return program_.region(gradient_); }  // d total / d image
  vulkan::Region totals() const { return program_.region(totals_); }  // a float a term, then Σ gradient²
  int total_count() const { return static_cast<int>(terms_.size()) + 1; }

 private:
  struct TermMemory {
    Value block;
    int partials = 0;
    Value gram;  // of a style term: the target
    size_t row = 0;
  };
  void tap(const DeviceNetwork& network, const Recipe& recipe,
           const std::vector<std::unique_ptr<vulkan::Buffer>>& content, size_t layer,
           const TensorValue& features);
  TensorValue source_for(size_t layer, const TensorValue& features, bool& accumulate);
  void add_content(const Recipe& recipe, size_t row, const vulkan::Region& target, size_t layer,
                   const TensorValue& features);
  void add_style(const Recipe& recipe, size_t row, size_t layer, const TensorValue& features);
  void add_tv(const Recipe& recipe);
  void add_totals();
  Value add_term(Term term, int partials);

  Program program_;
  kernels::Shape image_shape_;
  Value image_, gradient_, totals_, norm_;
  std::vector<Term> terms_;
  std::vector<TermMemory> memory_;
  std::map<size_t, TensorValue> sources_;
};

}  // namespace impasto::plan
