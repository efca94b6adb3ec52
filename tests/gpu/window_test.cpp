// Windows of tensors, cut out and embedded, against plain loops.
#include "kernels/window.h"

#include "catch.h"
#include "support/gpu.h"
#include "support/random.h"

namespace impasto {
namespace {

using reference::Array;

struct Case {
  int channels;
  int in_height, in_width;
  int out_height, out_width;
  int down, along;
};

const Case kCases[] = {{3, 9, 7, 4, 5, 2, 1},          {6, 20, 70, 20, 70, 0, 0},    {5, 4, 5, 9, 7, -2, -1},
                       {64, 11, 33, 40, 99, -16, -48}, {8, 40, 130, 17, 66, 23, 64}, {4, 6, 6, 5, 5, 20, 3}};

Array expected(const Array& in, const Case& test) {
  Array out(test.channels, test.out_height, test.out_width);
  for (int c = 0; c < test.channels; ++c)
    for (int y = 0; y < test.out_height; ++y)
      for (int x = 0; x < test.out_width; ++x) {
        const int from_y = y + test.down, from_x = x + test.along;
        if (from_y < 0 || from_y >= in.height || from_x < 0 || from_x >= in.width) continue;
        out.at(c, y, x) = in.at(c, from_y, from_x);
      }
  return out;
}

void check(kernels::Library& library, const Case& test, test::Element element = test::Element::fp32) {
  INFO(test.in_height << "×" << test.in_width << " to " << test.out_height << "×" << test.out_width);
  const Array in = test::random_array(test.channels, test.in_height, test.in_width, 3);
  test::Arena arena;
  const kernels::Tensor from = arena.tensor(in, element);
  const kernels::Tensor to =
      arena.tensor(kernels::Shape{test.channels, test.out_height, test.out_width, element});
  test::run(library,
            [&](kernels::Context& context) { copy_window(context, from, to, test.down, test.along); });
  const Array actual = test::download(to), wanted = expected(test::download(from), test);
  CHECK(actual.data == wanted.data);
}

TEST_CASE("a window of a tensor is what lies in it, and zero outside") {
  IMPASTO_REQUIRE_GPU();
  for (const Case& test : kCases) check(test::library(), test);
}

TEST_CASE("a window of halves is what lies in it") {
  IMPASTO_REQUIRE_GPU();
  kernels::Library limited = test::limited_library(8192);
  for (const Case& test : kCases) check(test::library(), test, test::Element::fp16);
  check(limited, kCases[4], test::Element::fp16);
}

TEST_CASE("so is one that needs several bindings") {
  IMPASTO_REQUIRE_GPU();
  kernels::Library limited = test::limited_library(16384);
  for (const Case& test : kCases)
    if (test.channels < 64) check(limited, test);
}

}  // namespace
}  // namespace impasto
