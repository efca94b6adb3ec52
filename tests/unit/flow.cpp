// Optical flow: read from files, scaled, followed, and judged.
#include "image/flow.h"

#include "catch.h"
#include "impasto/error.h"
#include "support/files.h"
#include "support/flow_file.h"
#include "support/picture_file.h"
#include "support/weights.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace impasto;
using namespace impasto::test;

namespace {

// The same step everywhere.
Flow steady(int width, int height, float right, float down) {
  Flow flow{width, height, {}};
  for (int i = 0; i < width * height; i++) flow.values.insert(flow.values.end(), {right, down, 1});
  return flow;
}

float sum(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0F);
}

}  // namespace

TEST_CASE("A .flo file is read as it is written, and what is unknown in it stays unknown") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.flo";
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  write_bytes(file, flo_bytes(2, 2, {1.5F, -2, 0, 3, 1e10F, 1, kNan, 1}));
  const Flow flow = load_flow(file);
  CHECK((flow.width == 2 && flow.height == 2));
  CHECK(flow.values == std::vector<float>{1.5F, -2, 1, 0, 3, 1, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("A .flo file that lies is refused") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.flo";
  const std::string good = flo_bytes(2, 1, {1, 2, 3, 4});
  const auto refused_with = [&](const std::string& bytes, const std::string& words) {
    write_bytes(file, bytes);
    CHECK_THAT(refusal(ErrorKind::input, [&] { load_flow(file); }), contains(words));
  };
  refused_with("", "no .flo file");
  refused_with("PIEH", "no .flo file");
  refused_with("XIEH" + good.substr(4), "no .flo file");
  refused_with(good + "x", "longer or shorter");
  refused_with(good.substr(0, good.size() - 1), "longer or shorter");
  refused_with(flo_bytes(0, 1, {}), "");
  refused_with(flo_bytes(-1, -1, {}), "");
  refused_with(flo_bytes(40000, 1, {}), "");
  CHECK_THAT(refusal(ErrorKind::input, [&] { load_flow(folder.path() / "none.flo"); }),
             contains("cannot be opened"));
}

TEST_CASE("Flow is read from the channels of an EXR by their names") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.exr";
  OIIO::ImageSpec spec(2, 1, 3, OIIO::TypeDesc::FLOAT);
  spec.channelnames = {"depth", "flow.u", "flow.v"};
  write_picture(file, spec, {9, 1, -2, 9, 3, 4});
  CHECK(load_flow(file).values == std::vector<float>{1, -2, 1, 3, 4, 1});
  spec.channelnames = {"a", "b", "c"};
  write_picture(file, spec, {9, 1, -2, 9, 3, 4});
  CHECK_THAT(refusal(ErrorKind::input, [&] { load_flow(file); }), contains("no two channels"));
}

TEST_CASE("A flow at another size is as many times longer, and unknown where most of it was") {
  const Flow large = resized(steady(8, 4, 2, -1), 16, 12);
  CHECK((large.width == 16 && large.height == 12));
  for (size_t i = 0; i < large.values.size(); i += 3) {
    CHECK(large.values[i] == Approx(4));
    CHECK(large.values[i + 1] == Approx(-3));
    CHECK(large.values[i + 2] == Approx(1));
  }
  Flow holed = steady(8, 8, 2, 0);
  std::fill_n(holed.values.begin(), 3 * 8 * 4, 0.0F);  // the upper half
  const std::vector<float> half = certainty(resized(holed, 4, 4), nullptr);
  CHECK(std::all_of(half.begin(), half.begin() + 4, [](float value) { return value == 0; }));
  CHECK((half[12] == 1 && half[15] == 0));  // the last column points outside
}

TEST_CASE("A picture is carried where the flow comes from, bilinearly") {
  const Image picture = coloured_noise(9, 7, 3);
  const Image whole = carried(picture, steady(9, 7, 2, 1));
  const auto at = [](const Image& image, int x, int y) { return image.rgb[size_t(y * 9 + x) * 3 + 1]; };
  CHECK(at(whole, 3, 4) == at(picture, 5, 5));
  CHECK(at(whole, 8, 6) == at(picture, 8, 6));  // the edge beyond the edge
  const Image half = carried(picture, steady(9, 7, 0.5F, 0));
  CHECK(at(half, 3, 4) == Approx((at(picture, 3, 4) + at(picture, 4, 4)) / 2));
}

TEST_CASE("A flow is believed where there and back meet, inside, and away from where motions change") {
  const Flow right = steady(10, 10, 3, 0), left = steady(10, 10, -3, 0);
  CHECK(sum(certainty(right, nullptr)) == 70);  // three columns point outside
  CHECK(sum(certainty(right, &left)) == 70);
  CHECK(sum(certainty(right, &right)) == 0);
  Flow slightly = left;
  for (size_t i = 0; i < slightly.values.size(); i += 3)
    slightly.values[i] += 0.5F;  // of ½ + 0.01 · 15 pixels²
  CHECK(sum(certainty(right, &slightly)) == 70);

  Flow moving = steady(10, 10, 0, 0);  // a square moves over a still ground
  for (const int y : {4, 5, 6})
    for (const int x : {4, 5, 6}) moving.values[size_t(y * 10 + x) * 3] = 2;
  const std::vector<float> believed = certainty(moving, nullptr);
  CHECK((believed[55] == 1 && believed[11] == 1));
  CHECK((believed[53] == 0 && believed[56] == 0 && believed[35] == 0 && believed[65] == 0));
}

TEST_CASE("The flow that is computed finds how a picture has moved") {
  if (!can_estimate_flow()) {
    CHECK_THAT(refusal(ErrorKind::usage, [] { estimate_flow({}, {}); }), contains("OpenCV"));
    return;
  }
  const Image wide = resample(coloured_noise(20, 16, 5), 160, 128, Filter::bicubic);
  const auto part = [&](int left) {
    Image image{128, 128, {}, {}};
    for (int y = 0; y < 128; y++) {
      const auto row = wide.rgb.begin() + (y * 160 + left) * 3;
      image.rgb.insert(image.rgb.end(), row, row + 128 * 3);
    }
    return image;
  };
  const Flow flow =
      estimate_flow(part(8), part(5));  // what is seen moved three pixels to the right in the second
  std::vector<float> right;
  for (int y = 20; y < 108; y++)
    for (int x = 20; x < 108; x++) right.push_back(flow.values[size_t(y * 128 + x) * 3]);
  std::nth_element(right.begin(), right.begin() + std::ptrdiff_t(right.size() / 2), right.end());
  CHECK(right[right.size() / 2] == Approx(3).margin(0.1));
}
