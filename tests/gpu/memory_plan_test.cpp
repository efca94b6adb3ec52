// What is planned is what is measured: to the byte, for every recipe and optimiser, and within a budget.
#include "catch.h"
#include "impasto/error.h"
#include "kernels/tensor.h"
#include "session/engine.h"
#include "session/estimate.h"
#include "session/evaluate.h"
#include "session/run.h"
#include "support/files.h"
#include "support/fixtures.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/picture_file.h"
#include "support/skip.h"

#include <algorithm>
#include <cmath>

namespace impasto::test {
namespace {

constexpr size_t kLayers = 14;  // of VGG-19, up to relu5_2

Job job_of(const JobFolder& folder, const Recipe& recipe, OptimizerKind kind) {
  Job job = folder.job();
  job.recipe = with_optimizer(recipe, kind);
  job.recipe.optimizer.history = 3;
  job.iterations = 2;
  return job;
}

// Bytes allocated at the peak of a run.
uint64_t measured(const Job& job) {
  Session session = open_session(job);
  while (session.advance()) continue;
  session.finish();
  CHECK(session.estimate().device_bytes == session.progress().device_bytes);
  return session.progress().device_bytes;
}

uint64_t bytes_of(const Estimate& estimate, std::string_view what) {
  uint64_t bytes = 0;
  for (const MemoryUse& use : estimate.stages[0].memory)
    if (use.what == what) bytes = use.bytes;
  return bytes;
}

uint64_t sum_of(const std::vector<MemoryUse>& memory) {
  uint64_t sum = 0;
  for (const MemoryUse& use : memory) sum += use.bytes;
  return sum;
}

TEST_CASE("a run holds to the byte what was planned, whatever the recipe, the optimiser and the size") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("content.png", small_picture(67, 45, 1));
  for (const Recipe& recipe : recipes())
    for (const OptimizerKind kind : {OptimizerKind::adam, OptimizerKind::lbfgs}) {
      Job job = job_of(folder, recipe, kind);
      INFO(recipe.name << (kind == OptimizerKind::adam ? " with Adam" : " with L-BFGS"));
      const Estimate planned = session::estimate(checked_job(job), device_options());
      REQUIRE(planned.stages.size() == 1);
      CHECK(planned.stages[0].width == 67);
      CHECK(planned.device_bytes == measured(job));
      CHECK(sum_of(planned.stages[0].memory) <= planned.device_bytes);
    }
}

TEST_CASE("in fp16 a run holds what was planned too, and halves what grows with the picture") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("content.png", small_picture(67, 45, 1));
  Job job = job_of(folder, find_recipe("gatys"), OptimizerKind::adam);
  job.tile = GENERATE(0, 64);
  const Estimate whole = session::estimate(checked_job(job), device_options());
  job.precision = Precision::fp16;
  const Estimate halves = session::estimate(checked_job(job), device_options());
  CHECK(halves.precision == Precision::fp16);
  CHECK(halves.device_bytes == measured(job));
  CHECK(2 * bytes_of(halves, "content features") == bytes_of(whole, "content features"));
  CHECK(bytes_of(halves, "features and their gradients") <
        0.55 * double(bytes_of(whole, "features and their gradients")));
  CHECK(bytes_of(halves, "weights") < bytes_of(whole, "weights"));
}

TEST_CASE("so it does with stages of several sizes, several styles larger than the content, and in tiles") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("content.png", small_picture(150, 97, 1));
  folder.write("style.png", small_picture(211, 133, 2));
  Job job = job_of(folder, find_recipe("gatys"), OptimizerKind::lbfgs);
  job.styles.push_back({folder.write("other.png", small_picture(90, 180, 3)), 2});
  job.size = kRecipeSizes;
  job.recipe.stages = {{64, SizeSide::longest, 2}, {150, SizeSide::longest, 2}, {90, SizeSide::longest, 2}};
  job.iterations = kRecipeIterations;
  job.tile = GENERATE(0, 64);
  const Estimate planned = session::estimate(checked_job(job), device_options());
  REQUIRE(planned.stages.size() == 3);
  CHECK(planned.stages[1].tile == job.tile);
  CHECK(planned.device_bytes == measured(job));
}

TEST_CASE("a style layer's features and their gradient are not both held where they are largest") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("content.png", small_picture(256, 256, 1));
  Job job = job_of(folder, find_recipe("gatys"), OptimizerKind::adam);
  job.precision = Precision::fp32;
  const Estimate planned = session::estimate(checked_job(job), device_options());
  const uint64_t map = kernels::Shape{kNarrowWidths[0], 256, 256}.bytes();
  // The gradient, a pooled one, and the picture (half a map of these few channels); where poolings do not fuse, the layer above.
  const int quarters = device().caps().max_storage_buffers >= 5 ? 7 : 8;
  CHECK(4 * bytes_of(planned, "features and their gradients") <= quarters * map);
}

TEST_CASE("a budget that whole pictures would pass is kept by tiles") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("content.png", small_picture(301, 235, 1));
  Job job = job_of(folder, find_recipe("gatys"), OptimizerKind::adam);
  job.precision = Precision::fp32;
  const Estimate whole = session::estimate(checked_job(job), device_options());
  CHECK(whole.stages[0].tile == 0);
  job.memory_budget = whole.device_bytes;  // to the byte
  CHECK(session::estimate(checked_job(job), device_options()).stages[0].tile == 0);
  job.memory_budget--;
  const Estimate tiled = session::estimate(checked_job(job), device_options());
  CHECK(tiled.stages[0].tile > 0);
  CHECK(tiled.stages[0].whole_bytes == whole.device_bytes);
  CHECK(tiled.device_bytes <= job.memory_budget);
  CHECK(tiled.precision == Precision::fp32);
  CHECK(!tiled.fp32_bytes);
  CHECK(measured(job) == tiled.device_bytes);

  job.memory_budget = kFreeMemory;
  job.tile = tiled.stages[0].tile;
  CHECK(session::estimate(checked_job(job), device_options()).stages[0].whole_bytes == whole.device_bytes);

  job.tile = 4096;
  CHECK(session::estimate(checked_job(job), device_options()).stages[0].tile == 0);

  job.tile = kAutomaticTile;
  job.memory_budget = tiled.device_bytes / 50;
  const std::string message =
      refusal(ErrorKind::budget, [&] { session::estimate(checked_job(job), device_options()); });
  CHECK_THAT(message, contains("even in tiles"));
  CHECK_THAT(message, contains("--size"));
}

TEST_CASE("in tiles the deep layers are whole where there is memory for that, and else in tiles that fit") {
  IMPASTO_REQUIRE_GPU();
  IMPASTO_REQUIRE_FIXTURES();
  const JobFolder folder(kLayers);
  folder.write("content.png", small_picture(1100, 900, 1));
  Job job = job_of(folder, find_recipe("gatys"), OptimizerKind::adam);
  job.model = compact_network().string();
  job.precision = Precision::fp32;
  job.tile = 128;
  std::vector<int> sides;
  Estimate planned = session::estimate(checked_job(job), device_options());
  while (!planned.stages[0].optimizer_on_host) {
    sides.push_back(planned.stages[0].deep_tile);
    job.memory_budget = planned.device_bytes - 1;
    planned = session::estimate(checked_job(job), device_options());
  }
  CAPTURE(sides);
  CHECK(sides.size() > 2);
  CHECK(sides.front() == kMaxImageSide);
  CHECK(std::is_sorted(sides.rbegin(), sides.rend()));
}

TEST_CASE("the smaller a budget, the later the pooling behind which layers are whole") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("content.png", small_picture(1100, 900, 1));
  Job job = job_of(folder, find_recipe("gatys"), OptimizerKind::adam);
  job.precision = Precision::fp32;
  const auto planned = [&] { return session::estimate(checked_job(job), device_options()); };
  Estimate estimate = planned();
  CHECK(estimate.stages[0].tile == 0);
  std::vector<int> partings;
  for (;;) {
    job.memory_budget = estimate.device_bytes - 1;
    estimate = planned();
    const StageEstimate& stage = estimate.stages[0];
    CHECK(stage.tile > 0);
    if (stage.deep_tile != kMaxImageSide) break;
    if (std::find(partings.begin(), partings.end(), stage.parting) == partings.end())
      partings.push_back(stage.parting);
  }
  CHECK(partings == std::vector{1, 2, 3});
}

TEST_CASE("a run that leaves its precision open is in fp16 where pictures fit whole in that alone") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("content.png", small_picture(301, 235, 1));
  Job job = job_of(folder, find_recipe("gatys"), OptimizerKind::adam);
  const auto estimated = [&] { return session::estimate(checked_job(job), device_options()); };
  const Estimate whole = estimated();
  CHECK(whole.precision == Precision::fp32);
  CHECK(!whole.fp32_bytes);
  job.memory_budget = whole.device_bytes - 1;
  const Estimate halves = estimated();
  CHECK(halves.precision == Precision::fp16);
  CHECK(halves.fp32_bytes == whole.device_bytes);
  CHECK(halves.stages[0].tile == 0);
  CHECK(halves.device_bytes <= job.memory_budget);
  CHECK(measured(job) == halves.device_bytes);

  job.memory_budget = halves.device_bytes - 1;
  const Estimate tiled = estimated();
  CHECK(tiled.precision == Precision::fp32);  // which tiles have room for
  CHECK(tiled.stages[0].tile > 0);

  const auto least = [&] {  // of what keeps no budget
    job.memory_budget = 1 << 20;
    return refusal(ErrorKind::budget, estimated);
  };
  const std::string in_fp16 = least();
  job.precision = Precision::fp16;
  CHECK(in_fp16 == least());
  job.precision = Precision::fp32;
  CHECK(in_fp16 != least());
}

TEST_CASE("a run goes on in the precision that it was begun in, unless another is asked for") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("content.png", small_picture(67, 45, 1));
  Job job = job_of(folder, find_recipe("gatys"), OptimizerKind::adam);
  const std::filesystem::path file = folder.file("run.state");
  job.precision = Precision::fp16;
  Session whole = open_session(job);
  whole.advance();
  whole.checkpoint(file);
  whole.advance();
  job.precision = Precision::automatic;
  job.resume = file;
  Session resumed = open_session(job);
  CHECK(resumed.estimate().precision == Precision::fp16);
  resumed.advance();
  CHECK(resumed.image().rgb == whole.image().rgb);
  job.precision = Precision::fp32;
  CHECK_THAT(refusal(ErrorKind::usage, [&] { open_session(job); }), contains("another precision"));
}

TEST_CASE("a budget that no tiles keep is kept by leaving what the optimizer remembers to the host") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("content.png", small_picture(151, 117, 1));
  Job job = job_of(folder, find_recipe("gatys"), GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  job.precision = Precision::fp32;
  Estimate planned = session::estimate(checked_job(job), device_options());
  while (!planned.stages[0].optimizer_on_host) {
    job.memory_budget = planned.device_bytes - 1;
    planned = session::estimate(checked_job(job), device_options());
  }
  CHECK(planned.device_bytes <= job.memory_budget);
  CHECK(measured(job) == planned.device_bytes);
}

TEST_CASE("an evaluation within a budget has the losses and the gradient of one without") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("content.png", small_picture(301, 235, 1));
  const auto picture = folder.write("picture.png", small_picture(301, 235, 4));
  Job job = job_of(folder, find_recipe("neural-style"), OptimizerKind::adam);
  const Evaluation whole = session::evaluate(checked_job(job), picture, device_options());
  job.tile = 64;
  job.memory_budget = 17 << 20;
  const Evaluation tiled = session::evaluate(checked_job(job), picture, device_options());
  CHECK(tiled.losses.total == Approx(whole.losses.total).epsilon(1e-5));
  double difference = 0, norm = 0;
  REQUIRE(tiled.gradient.size() == whole.gradient.size());
  for (size_t i = 0; i < whole.gradient.size(); ++i) {
    difference += std::pow(double(tiled.gradient[i]) - double(whole.gradient[i]), 2);
    norm += std::pow(double(whole.gradient[i]), 2);
  }
  CHECK(difference > 0);  // it was evaluated in another order
  CHECK(std::sqrt(difference / norm) <= 1e-5);
}

TEST_CASE("a job that the machine has no memory for is refused before it reads its pictures") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = folder.job();
  job.recipe.optimizer.history = 500;
  job.size = 32768;
  const std::string message = refusal(ErrorKind::budget, [&] { open_session(job); });
  CHECK_THAT(message, contains("--size"));
}

}  // namespace
}  // namespace impasto::test
