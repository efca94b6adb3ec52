// Blocks out of windows and back, as operations of a program.
#pragma once

#include "kernels/window.h"
#include "plan/program.h"

namespace impasto::plan {

// The block `rect` of the features; the features themselves when it is all of them.
TensorValue cropped(Program& program, const TensorValue& features, const kernels::Rect& rect);

// A tensor of this shape with the block at `rect` and zero around it; the block itself when it is all.
TensorValue embedded(Program& program, const TensorValue& block, const kernels::Rect& rect,
                     const kernels::Shape& shape);

}  // namespace impasto::plan
