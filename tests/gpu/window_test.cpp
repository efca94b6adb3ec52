// Blocks of tensors, cut out, embedded, added up and cleared around, against plain loops.
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
  kernels::Move move;
  kernels::Rect to;
};

const Case kCases[] = {{3, 9, 7, 4, 5, {{2, 1, 4, 5}, 0, 0}, {0, 0, 4, 5}},
                       {6, 20, 70, 20, 70, {{0, 0, 20, 70}, 0, 0}, {0, 0, 20, 70}},
                       {5, 4, 5, 9, 7, {{0, 0, 4, 5}, 2, 1}, {0, 0, 9, 7}},
                       {64, 11, 33, 40, 99, {{0, 0, 11, 33}, 16, 48}, {0, 0, 40, 99}},
                       {8, 40, 130, 17, 66, {{23, 64, 17, 66}, 0, 0}, {0, 0, 17, 66}},
                       {4, 6, 6, 5, 5, {{5, 5, 1, 1}, 4, 0}, {0, 0, 5, 5}},
                       {5, 30, 90, 50, 100, {{3, 8, 20, 70}, 11, 25}, {11, 25, 20, 70}},
                       {8, 30, 90, 50, 100, {{3, 8, 20, 70}, 11, 25}, {9, 2, 33, 80}}};

Array expected(const Array& in, const Array& before, const Case& test, bool accumulate) {
  Array out = before;
  const kernels::Rect& from = test.move.from;
  for (int c = 0; c < test.channels; ++c)
    for (int y = test.to.top; y < test.to.bottom(); ++y)
      for (int x = test.to.left; x < test.to.right(); ++x) {
        const int from_y = y - test.move.top + from.top, from_x = x - test.move.left + from.left;
        const bool inside =
            from_y >= from.top && from_y < from.bottom() && from_x >= from.left && from_x < from.right();
        const double value = inside ? in.at(c, from_y, from_x) : 0;
        out.at(c, y, x) = accumulate ? double(float(out.at(c, y, x)) + float(value)) : value;
      }
  return out;
}

void check(kernels::Library& library, const Case& test, bool accumulate,
           test::Element element = test::Element::fp32) {
  INFO(test.in_height << "×" << test.in_width << " to " << test.out_height << "×" << test.out_width);
  const Array in = test::random_array(test.channels, test.in_height, test.in_width, 3);
  const Array before = test::random_array(test.channels, test.out_height, test.out_width, 4);
  test::Arena arena;
  const kernels::Tensor from = arena.tensor(in, element);
  const kernels::Tensor to = arena.tensor(before, element);
  const Array source = test::download(from), kept = test::download(to);
  test::run(library, [&](kernels::Context& context) {
    copy_window(context, from, to, test.move, test.to, accumulate);
  });
  const Array actual = test::download(to), wanted = expected(source, kept, test, accumulate);
  if (element == test::Element::fp32 || !accumulate)
    CHECK(actual.data == wanted.data);
  else
    CHECK(reference::relative_error(actual, wanted) <= 1e-3);  // sums are rounded to halves
}

TEST_CASE("a block of a tensor comes to lie in another, with zero around it or added") {
  IMPASTO_REQUIRE_GPU();
  for (const Case& test : kCases)
    for (const bool accumulate : {false, true}) check(test::library(), test, accumulate);
}

TEST_CASE("a block of halves comes to lie in another") {
  IMPASTO_REQUIRE_GPU();
  kernels::Library limited = test::limited_library(8192);
  for (const Case& test : kCases)
    for (const bool accumulate : {false, true}) check(test::library(), test, accumulate, test::Element::fp16);
  check(limited, kCases[4], false, test::Element::fp16);
}

TEST_CASE("so does one that needs several bindings") {
  IMPASTO_REQUIRE_GPU();
  kernels::Library limited = test::limited_library(16384);
  for (const Case& test : kCases)
    if (test.channels < 64)
      for (const bool accumulate : {false, true}) check(limited, test, accumulate);
}

void check_clearing(kernels::Library& library, int channels, int height, int width, const kernels::Rect& kept,
                    test::Element element = test::Element::fp32) {
  INFO(height << "×" << width << " around " << kept.height << "×" << kept.width);
  test::Arena arena;
  const kernels::Tensor tensor = arena.tensor(test::random_array(channels, height, width, 5), element);
  Array expected = test::download(tensor);
  for (int c = 0; c < channels; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        if (y < kept.top || y >= kept.bottom() || x < kept.left || x >= kept.right())
          expected.at(c, y, x) = 0;
  test::run(library, [&](kernels::Context& context) { clear_around(context, tensor, kept); });
  CHECK(test::download(tensor).data == expected.data);
}

TEST_CASE("around a block of a tensor everything becomes zero, and the block stays") {
  IMPASTO_REQUIRE_GPU();
  kernels::Library limited = test::limited_library(16384);
  for (const kernels::Rect& kept :
       {kernels::Rect{0, 0, 9, 7}, {20, 60, 11, 30}, {3, 0, 25, 90}, {7, 64, 1, 1}}) {
    check_clearing(test::library(), 6, 31, 90, kept);
    check_clearing(limited, 6, 31, 90, kept);
    check_clearing(test::library(), 6, 31, 90, kept, test::Element::fp16);
  }
}

}  // namespace
}  // namespace impasto
