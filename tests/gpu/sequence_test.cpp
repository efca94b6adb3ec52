// Sequences: a frame follows the one before, in its start, its loss, its steadiness and in what is done after a stop.
#include "impasto/sequence.h"

#include "catch.h"
#include "image/flow.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "session/evaluate.h"
#include "session/start.h"
#include "support/flow_file.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/picture_file.h"
#include "support/skip.h"
#include "support/weights.h"

#include <array>
#include <cmath>
#include <filesystem>

namespace impasto::test {
namespace {

constexpr int kWidth = 88, kHeight = 32;  // wide enough for two tiles
constexpr int kStep = 2;  // pixels by which the window over a wider picture moves between frames

// Frames that pan over a picture, a style, and exact flow files.
SequenceRequest panning(const JobFolder& folder, int frames) {
  const Image wide = small_picture(kWidth + kStep * frames, kHeight, 7);
  std::filesystem::create_directory(folder.file("frames"));
  std::vector<float> back, forward;
  for (int i = 0; i < kWidth * kHeight; i++) {
    back.insert(back.end(), {float(kStep), 0});
    forward.insert(forward.end(), {-float(kStep), 0});
  }
  for (int frame = 0; frame < frames; frame++) {
    Image image{kWidth, kHeight, {}, {}};
    for (int y = 0; y < kHeight; y++) {
      const auto row = wide.rgb.begin() + (y * wide.width + frame * kStep) * 3;
      image.rgb.insert(image.rgb.end(), row, row + kWidth * 3);
    }
    const std::string name = "frames/f" + std::to_string(frame);
    folder.write(name + ".png", image);
    write_bytes(folder.file(name + ".back.flo"), flo_bytes(kWidth, kHeight, back));
    write_bytes(folder.file(name + ".forward.flo"), flo_bytes(kWidth, kHeight, forward));
  }
  folder.write("style.png", small_picture(36, 44, 2));
  SequenceRequest request;
  request.frames = {folder.file("frames").string()};
  request.out = folder.file("out");
  request.name = "{index}.tif";  // 16 bits, so that rounding is no flicker
  request.flow = folder.file("frames").string() + "/{frame}.back.flo";
  request.forward_flow = folder.file("frames").string() + "/{frame}.forward.flo";
  request.job = folder.job();
  request.job.recipe = with_optimizer(request.job.recipe, OptimizerKind::adam);
  request.job.iterations = 6;
  return request;
}

std::vector<ItemResult> run(const SequenceRequest& request, bool resume = false) {
  BatchOptions options;
  options.resume = resume;
  return run_sequence(sequence_jobs(request), request.out, options);
}

std::vector<float> picture(const SequenceRequest& request, int index) {
  return load_image(request.out / (std::to_string(index) + ".tif")).rgb;
}

TEST_CASE("the frames of a sequence follow one another, and the stronger they are pulled the steadier") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  SequenceRequest request = panning(folder, 3);
  std::vector<double> flicker;
  for (const double strength : {0.0, 1.0, 100.0}) {
    request.temporal_strength = strength;
    request.out = folder.file("out" + std::to_string(int(strength)));
    const std::vector<ItemResult> results = run(request);
    REQUIRE(results.size() == 3);
    for (const ItemResult& result : results) CHECK(result.status == ItemStatus::done);
    CHECK_FALSE(results[0].flicker.has_value());
    flicker.push_back(results[1].flicker.value() + results[2].flicker.value());
    const Losses& losses = results[2].run.losses;
    CHECK((losses.temporal > 0) == (strength > 0));
    CHECK(losses.total == Approx(losses.content + losses.style + losses.tv + losses.temporal));
  }
  CHECK(flicker[0] > flicker[1]);
  CHECK(flicker[1] > 2 * flicker[2]);
  require_no_messages();
}

TEST_CASE("a frame starts from the one before where that is seen, and from its content elsewhere") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  SequenceRequest request = panning(folder, 2);
  run(request);
  Job second = sequence_jobs(request).at(1);
  second.output = folder.file("other.tif");
  const std::vector<float> start = open_session(second).image().rgb;
  const Image content = load_image(second.content), before = load_image(second.before.result);
  double in_view = 0, new_in_view = 0;
  for (int y = 0; y < kHeight; y++)
    for (int x = 0; x < kWidth; x++)
      for (int c = 0; c < 3; c++) {
        const auto at = [&](const std::vector<float>& rgb, int column) {
          return double(rgb[size_t((y * kWidth + column) * 3 + c)]);
        };
        double& largest = x < kWidth - kStep ? in_view : new_in_view;
        largest = std::max(largest, std::abs(at(start, x) - (x < kWidth - kStep ? at(before.rgb, x + kStep)
                                                                                : at(content.rgb, x))));
      }
  CHECK(in_view < 1e-6);
  CHECK(new_in_view < 1e-6);
}

TEST_CASE("the gradient of a frame is that of its losses, the temporal one among them, whole and in tiles") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  SequenceRequest request = panning(folder, 2);
  request.temporal_strength = 3;
  run(request);
  Job second = sequence_jobs(request).at(1);
  const auto evaluate = [&](const std::filesystem::path& at) {
    return session::evaluate(second, at, device_options());
  };
  second.tile = GENERATE(0, 64);
  const Image here = load_image(second.content);
  const Evaluation evaluation = evaluate(second.content);
  REQUIRE(evaluation.losses.temporal > 0);

  // Along the gradient, by central differences.
  double norm = 0;
  for (const float value : evaluation.gradient) norm += double(value) * value;
  norm = std::sqrt(norm);
  const double step = 2e-3;
  std::array<double, 2> totals{};
  for (const int side : {0, 1}) {
    Image moved = here;
    for (size_t i = 0; i < moved.rgb.size(); i++)
      moved.rgb[i] += static_cast<float>((side == 0 ? -step : step) * evaluation.gradient[i] / norm);
    SaveOptions options;
    options.bits = 32;
    options.overwrite = true;
    save_image(folder.file("moved.tif"), moved, options);
    totals[size_t(side)] = evaluate(folder.file("moved.tif")).losses.total;
  }
  CHECK((totals[1] - totals[0]) / (2 * step) == Approx(norm).epsilon(5e-3));
}

TEST_CASE(
    "a sequence that was stopped goes on with the same bits, and a frame that cannot be read is left out") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  SequenceRequest request = panning(folder, 3);
  run(request);
  const std::vector<float> undisturbed = picture(request, 3);

  request.out = folder.file("stopped");
  int asked = 0;
  BatchOptions options;
  options.stop = [&] { return ++asked > 12; };
  const std::vector<ItemResult> stopped = run_sequence(sequence_jobs(request), request.out, options);
  CHECK(stopped.back().status == ItemStatus::left);
  for (const ItemResult& result : run(request, true))
    CHECK((result.status == ItemStatus::done || result.status == ItemStatus::existed));
  CHECK((picture(request, 3) == undisturbed));

  request.out = folder.file("gap");
  write_bytes(folder.file("frames/f1.png"), "no picture");
  const std::vector<ItemResult> results = run(request);
  CHECK(results[0].status == ItemStatus::done);
  CHECK(results[1].status == ItemStatus::failed);
  CHECK(results[2].status == ItemStatus::done);
  CHECK(results[2].flicker.has_value() == can_estimate_flow());
  require_no_messages();
}

}  // namespace
}  // namespace impasto::test
