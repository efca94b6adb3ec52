// Adds copies between blocks and windows.
#include "plan/window.h"

namespace impasto::plan {
namespace {

TensorValue moved(Program& program, const TensorValue& from, const kernels::Shape& shape,
                  const kernels::Move& move) {
  const TensorValue to = program.tensor(shape);
  program.add({from.value, to.value}, [=](kernels::Context& context, const Program::Memory& memory) {
    kernels::copy_window(context, memory[from], memory[to], move, kernels::all_of(shape));
  });
  return to;
}

}  // namespace

TensorValue cropped(Program& program, const TensorValue& features, const kernels::Rect& rect) {
  if (rect == kernels::all_of(features.shape)) return features;
  return moved(program, features, {features.shape.channels, rect.height, rect.width, features.shape.element},
               {rect, 0, 0});
}

TensorValue embedded(Program& program, const TensorValue& block, const kernels::Rect& rect,
                     const kernels::Shape& shape) {
  if (rect == kernels::all_of(shape)) return block;
  return moved(program, block, shape, {kernels::all_of(block.shape), rect.top, rect.left});
}

}  // namespace impasto::plan
