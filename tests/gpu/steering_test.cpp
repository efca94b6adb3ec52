// Runs on a device that is shared with their caller: steered, taken back and begun with a picture, without a bit of difference.
#include "catch.h"
#include "impasto/error.h"
#include "impasto/native.h"
#include "session/run.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/skip.h"

#include <memory>

namespace impasto::test {
namespace {

struct Shared {
  std::shared_ptr<vulkan::Device> device = [] {
    vulkan::DeviceOptions options = device_options();
    options.shared = true;
    return std::make_shared<vulkan::Device>(options);
  }();
  Session open(const Job& job, const Image* start = nullptr) const {
    return Session(std::make_unique<session::Run>(checked_job(job), device, start));
  }
};

Job small_job(const JobFolder& folder, OptimizerKind kind) {
  Job job = folder.job();
  job.recipe = with_optimizer(job.recipe, kind);
  job.recipe.optimizer.history = 3;
  return job;
}

Job with_other_weights(Job job) {
  job.recipe.content_weight *= 3;
  job.recipe.style_weight *= 0.5;
  job.recipe.style_layers[0].weight *= 4;
  return job;
}

void advance(Session& session, int iterations) {
  for (int i = 0; i < iterations; ++i) REQUIRE(session.advance());
}

std::vector<float> picture_after(Session session, int iterations) {
  advance(session, iterations);
  return session.image().rgb;
}

TEST_CASE("sharing the device changes no bit") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(4);
  const Job job = small_job(folder, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  CHECK((picture_after(Shared{}.open(job), 6) == finished_picture(job).rgb));
  require_no_messages();
}

TEST_CASE("weights, shares and learning rate count from the next iteration on") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(4);
  const Shared shared;
  Job job = small_job(folder, OptimizerKind::lbfgs);
  job.recipe.optimizer.variable_range = 1;  // so that a picture is the same bits on the host
  job.styles.push_back({folder.write("second.png", small_picture(30, 30, 5)), 1});
  Session steered = shared.open(job);
  advance(steered, 3);
  const Image before = steered.image();

  Job other = GENERATE(false, true) ? with_other_weights(job) : job;
  if (other == job) other.styles[1].weight = 5;
  other.recipe.optimizer.learning_rate *= 0.5;
  steered.steer(other);
  const auto fresh = picture_after(shared.open(other, &before), 2);
  advance(steered, 2);
  CHECK((steered.image().rgb == fresh));
  CHECK((fresh != picture_after(shared.open(job, &before), 2)));
  require_no_messages();
}

TEST_CASE("a learning rate of nothing leaves the picture as it is") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(4);
  const Shared shared;
  Job job = small_job(folder, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  Session session = shared.open(job);
  advance(session, 3);
  const std::vector<float> before = session.image().rgb;
  const double rate = job.recipe.optimizer.learning_rate;
  job.recipe.optimizer.learning_rate = rate * 1e-30;
  session.steer(job);
  advance(session, 1);
  CHECK((session.image().rgb == before));
  job.recipe.optimizer.learning_rate = rate;
  session.steer(job);
  advance(session, 1);
  CHECK((session.image().rgb != before));
}

TEST_CASE("a run goes back to a snapshot of any stage and repeats its bits") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(4);
  const Shared shared;
  Job job = small_job(folder, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  job.size = job.style_size = -1;
  job.recipe.stages = {{24, SizeSide::longest, 4}, {40, SizeSide::longest, 3}};
  job.iterations = kRecipeIterations;
  Session session = shared.open(job);
  advance(session, 2);
  const Snapshot early = session.snapshot();
  advance(session, 4);
  const Snapshot late = session.snapshot();
  CHECK(early.iteration == 2);
  CHECK(early.picture.width == 24);
  CHECK(late.iteration == 6);
  CHECK(late.picture.width == 40);
  advance(session, 1);
  const std::vector<float> end = session.image().rgb;
  for (const Snapshot* snapshot : {&late, &early}) {
    session.go_back(*snapshot);
    CHECK((session.image().rgb == snapshot->picture.rgb));
    CHECK(session.progress().iteration == snapshot->iteration);
    while (session.advance()) continue;
    CHECK((session.image().rgb == end));
  }
  require_no_messages();
}

TEST_CASE("what is recorded cannot be steered") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(4);
  const Job job = small_job(folder, OptimizerKind::adam);
  Session session = Shared{}.open(job);
  Job other = job;
  other.recipe.style_layers.pop_back();
  CHECK_THROWS_AS(session.steer(other), Error);
  other = job;
  other.size = 30;
  CHECK_THROWS_AS(session.steer(other), Error);
  other = job;
  other.recipe.content_weight = -1;
  CHECK_THROWS_AS(session.steer(other), Error);
  advance(session, 1);
}

TEST_CASE("the picture on the device is the session's, and outlives it") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(4);
  const Job job = small_job(folder, OptimizerKind::adam);
  auto session = std::make_unique<Session>(Shared{}.open(job));
  advance(*session, 2);
  session->finish();
  NativePicture picture = session->native_picture();
  const Image image = session->image();
  CHECK(picture.width == image.width);
  CHECK(picture.height == image.height);
  CHECK(picture.bytes == image.rgb.size() * sizeof(float));
  CHECK(picture.range == Approx(job.recipe.optimizer.variable_range));
  CHECK(picture.buffer != VK_NULL_HANDLE);
  session.reset();
  picture = {};  // and the device with it
  require_no_messages();
}

}  // namespace
}  // namespace impasto::test
