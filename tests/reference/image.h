// What touches the picture itself: the network's input convention, total variation and resampling.
#pragma once

#include "impasto/image.h"
#include "impasto/recipe.h"
#include "reference/array.h"
#include "reference/loss.h"

namespace impasto::reference {

// RGB in [0,1] → range·x − mean, planes in the convention's order; and d loss / d x in RGB order.
Array preprocess(const Array& rgb, const InputConvention& input);
Array preprocess_gradient(const Array& d_input, const InputConvention& input);

// Total variation of range·x, unweighted, and its gradient by x. |d|'s gradient at 0 is 0.
Term total_variation(TvKind kind, const Array& rgb, double range, double exponent);

// Separable, antialiased when it shrinks, edges replicated, pixel centres at half integers.
Array resample(const Array& in, int width, int height, Filter filter);

}  // namespace impasto::reference
