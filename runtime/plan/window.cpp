// Adds copies between blocks and windows.
#include "plan/window.h"

#include "kernels/window.h"

namespace impasto::plan {
namespace {

bool covers(const Rect& rect, const kernels::Shape& shape) {
  return rect == Rect{0, 0, shape.height, shape.width};
}

TensorValue shifted(Program& program, const TensorValue& from, const kernels::Shape& shape, int down,
                    int along) {
  const TensorValue to = program.tensor(shape);
  program.add({from.value, to.value}, [=](kernels::Context& context, const Program::Memory& memory) {
    kernels::copy_window(context, memory[from], memory[to], down, along);
  });
  return to;
}

}  // namespace

TensorValue cropped(Program& program, const TensorValue& features, const Rect& rect) {
  if (covers(rect, features.shape)) return features;
  return shifted(program, features,
                 {features.shape.channels, rect.height, rect.width, features.shape.element}, rect.top,
                 rect.left);
}

TensorValue embedded(Program& program, const TensorValue& block, const Rect& rect,
                     const kernels::Shape& shape) {
  if (covers(rect, shape)) return block;
  return shifted(program, block, shape, -rect.top, -rect.left);
}

}  // namespace impasto::plan
