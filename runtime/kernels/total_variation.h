// Total variation of the picture: its value as partial sums, and its gradient.
#pragma once

#include "impasto/recipe.h"
#include "kernels/term.h"

namespace impasto::kernels {

struct TvSettings {
  TvKind kind = TvKind::squared;  // not none
  float scale = 1;                // tv_range / variable_range: differences are taken of scale · z
  float exponent = 1.25F;         // of power_block
};

int tv_partials(int height, int width);

// image and image_gradient: height × width × 3 interleaved floats. Writes (does not add) weight · dTV/dz to
// image_gradient and the partial sums of TV to the term. The derivative of |d| at 0 is 0, as is power_block's
// where both differences are 0.
void total_variation(Context& context, const vulkan::Region& image, int height, int width,
                     const TvSettings& settings, const vulkan::Region& term,
                     const vulkan::Region& image_gradient);

}  // namespace impasto::kernels
