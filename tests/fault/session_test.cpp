// Every call that a run makes fails once, and its device is lost at every place: a clear error or the same picture, and nothing leaks.
#include "impasto/session.h"

#include "catch.h"
#include "fault/injector.h"
#include "fault/losing.h"
#include "impasto/error.h"
#include "session/evaluate.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/picture_file.h"
#include "support/skip.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <thread>

namespace impasto::test {
namespace {

// One convolution, which compiles fast, every kind of term, and enough steps that fences are used again.
Job small_job(const JobFolder& folder) {
  Job job = folder.job();
  folder.write("content.png", small_picture(12, 10, 1));
  folder.write("style.png", small_picture(9, 11, 2));
  job.recipe.content_layers = {{"relu1_1", 1}};
  job.recipe.tv = TvKind::l1;
  job.recipe.tv_weight = 1e-3;
  job.recipe.optimizer.history = 2;
  job.recipe.optimizer.average = 0.9;
  job.init = "noise";
  job.iterations = 5;
  return job;
}

// Two convolutions, the second by Winograd, with stages of growing size.
Job staged_job(const JobFolder& folder, int stages) {
  Job job = small_job(folder);
  job.recipe.content_layers = {{"relu1_2", 1}};
  job.size = kRecipeSizes;
  job.iterations = kRecipeIterations;
  job.recipe.stages.clear();
  for (int i = 0; i < stages; ++i) job.recipe.stages.push_back({8 + 2 * i, SizeSide::longest, 3});
  return job;
}

vulkan::DeviceOptions options_with(const Injector& injector) {
  vulkan::DeviceOptions options = device_options();
  options.intercept = injector.hook();
  return options;
}

// From one call that fails to the next. SwiftShader compiles for seconds whenever a device is opened; what happens after a failure
// is the same on every driver, so lavapipe is the one to step through all of them.
int stride() {
  return device().caps().name.find("SwiftShader") == std::string::npos ? 1 : 6;
}

struct Result {
  std::vector<float> picture;
  int recoveries = 0;
};

// A whole run that is looked at on its way.
Result run_under(const vulkan::DeviceOptions& options, const Job& job) {
  Session session = open_session(job, options);
  while (session.advance())
    if (session.progress().submitted == 2) session.image();
  return {session.image().rgb, session.progress().recoveries};
}

TEST_CASE("a run in which any call fails ends with a clear error and leaves nothing") {
  IMPASTO_REQUIRE_GPU();
  const char* function =
      GENERATE("vkAllocateMemory", "vkCreateBuffer", "vkCreateBufferView", "vkCreateShaderModule",
               "vkCreateComputePipelines", "vkCreateDescriptorPool", "vkAllocateDescriptorSets",
               "vkAllocateCommandBuffers", "vkCreateFence", "vkResetFences", "vkQueueSubmit",
               "vkWaitForFences", "vkGetFenceStatus");
  const JobFolder folder(2);
  const Job job = small_job(folder);
  const std::vector<float> undisturbed = finished_picture(job).rgb;
  int failures = 0;
  for (int nth = 1;; nth += stride()) {
    Injector injector;
    injector.fail(function, nth, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    std::vector<float> picture;
    std::optional<Error> error;
    try {
      picture = run_under(options_with(injector), job).picture;
    } catch (const Error& thrown) {
      error = thrown;
    }
    const std::string what = error ? error->what() : "no error";
    INFO(function << " " << nth << ": " << what);
    CHECK(injector.alive().empty());
    // A call that may fail without harm, such as a look at a fence, changes nothing.
    if (!error) CHECK((picture == undisturbed));
    if (!injector.fired()) break;
    ++failures;
    if (!error) continue;
    CHECK(error->kind() == ErrorKind::budget);
    CHECK(what.find(function) != std::string::npos);
    CHECK(what.find('\n') == std::string::npos);
  }
  const bool optional_call =
      std::string(function) == "vkCreateBufferView";  // where tensors are not read as texels
  CHECK((failures > 0 || optional_call));
  require_no_messages();
}

TEST_CASE(
    "a run that is refused memory it was planned to have goes on in tiles, from its last recovery point") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(2);
  Job job = small_job(folder);
  folder.write("content.png", small_picture(150, 100, 1));
  job.recipe.content_layers = {{"relu1_2", 1}};
  const std::vector<float> undisturbed = finished_picture(job).rgb;
  int survived = 0;
  for (int nth = 1;; nth += stride()) {
    Injector injector;
    injector.fail("vkAllocateMemory", nth, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    try {
      Session session = open_session(job, options_with(injector));
      while (session.advance()) continue;
      const std::vector<float> picture = session.image().rgb;
      if (!injector.fired()) break;
      ++survived;
      CHECK((session.estimate().stages[0].tile > 0 || session.estimate().stages[0].optimizer_on_host));
      double largest = 0;
      for (size_t i = 0; i < picture.size(); ++i)
        largest = std::max(largest, std::abs(double(picture[i]) - double(undisturbed[i])));
      INFO(nth);
      CHECK(largest < 1.0 / 255);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::budget);  // the network's weights, which nothing can make smaller
    }
  }
  CHECK(survived >= 3);
  require_no_messages();
}

TEST_CASE("a run whose device is lost anywhere ends with the same bits") {
  IMPASTO_REQUIRE_GPU();
  const char* function = GENERATE("vkQueueSubmit", "vkWaitForFences", "vkGetFenceStatus");
  const JobFolder folder(2);
  const Job job = small_job(folder);
  const std::vector<float> undisturbed = finished_picture(job).rgb;
  int losses = 0;
  for (int nth = 1;; nth += stride()) {
    INFO(function << " " << nth);
    Injector injector;
    injector.fail(function, nth, VK_ERROR_DEVICE_LOST);
    const Result result = run_under(options_with(injector), job);
    CHECK((result.picture == undisturbed));
    CHECK(result.recoveries == (injector.fired() ? 1 : 0));
    CHECK(injector.alive().empty());
    if (!injector.fired()) break;
    ++losses;
  }
  CHECK(losses > 0);
  require_no_messages();
}

TEST_CASE("a device that is lost again while the run is brought back changes no bit") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(2);
  const Job job = staged_job(folder, 2);
  const std::vector<float> undisturbed = finished_picture(job).rgb;
  for (int nth = 1; nth <= 4; nth += stride()) {
    INFO(nth);
    Injector injector;
    int losses = 3;
    const Result result = run_under(losing_options(injector, "vkQueueSubmit", nth, losses), job);
    CHECK((result.picture == undisturbed));
    CHECK(result.recoveries == 3);
    CHECK(injector.alive().empty());
  }
  require_no_messages();
}

TEST_CASE("a run survives any number of losses as long as it gets on") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(2);
  const Job job = staged_job(folder, 5);
  Injector injector;
  Session session = open_session(job, options_with(injector));
  int lost_in = -1;
  while (session.advance()) {
    if (session.progress().scale == lost_in) continue;
    lost_in = session.progress().scale;
    injector.fail("vkQueueSubmit", 1, VK_ERROR_DEVICE_LOST);
  }
  CHECK((session.image().rgb == finished_picture(job).rgb));
  CHECK(session.progress().recoveries == 5);
  require_no_messages();
}

TEST_CASE("a device that cannot be brought back is an error, and the last recovery picture is still there") {
  IMPASTO_REQUIRE_GPU();
  constexpr int kKept = 20;  // iterations between recovery points, which are five seconds apart or more
  const JobFolder folder(2);
  Job job = small_job(folder);
  job.iterations = kKept;
  const std::vector<float> kept = finished_picture(job).rgb;
  job.iterations = kKept + 3;
  Injector injector;
  int losses = 0;
  Session session = open_session(job, losing_options(injector, "vkQueueSubmit", 1, losses));
  for (int i = 0; i < kKept; ++i) REQUIRE(session.advance());
  std::this_thread::sleep_for(std::chrono::milliseconds(5100));
  REQUIRE(session.advance());
  session.finish();
  CHECK(session.progress().iteration == kKept + 1);

  injector.fail("vkQueueSubmit", 1, VK_ERROR_DEVICE_LOST);
  losses = 100;
  CHECK_THAT(refusal(ErrorKind::device, [&] { session.advance(); }),
             contains("vkQueueSubmit failed: VK_ERROR_DEVICE_LOST"));
  CHECK(losses == 100 - 3);
  CHECK(injector.alive().empty());  // nothing stays open
  CHECK((session.image().rgb == kept));
  CHECK_NOTHROW(session.finish());
  CHECK(session.progress().iteration == kKept);
  CHECK(session.progress().losses.total > 0);
  session.save(folder.file("rescued.png"), false);
  CHECK(load_image(folder.file("rescued.png")).width == 12);
  refusal(ErrorKind::device, [&] { session.advance(); });

  losses = 0;  // it is back
  while (session.advance()) continue;
  CHECK((session.image().rgb == finished_picture(job).rgb));
  require_no_messages();
}

TEST_CASE("a run that is dropped while iterations are under way leaves nothing") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(2);
  Injector injector;
  {
    Session session = open_session(small_job(folder), options_with(injector));
    session.advance();
    session.advance();
  }
  CHECK(injector.alive().empty());
  require_no_messages();
}

TEST_CASE("an evaluation in which a call fails ends with a clear error and leaves nothing") {
  IMPASTO_REQUIRE_GPU();
  const auto [result, kind] = GENERATE(std::pair{VK_ERROR_OUT_OF_DEVICE_MEMORY, ErrorKind::budget},
                                       std::pair{VK_ERROR_DEVICE_LOST, ErrorKind::device});
  const JobFolder folder(2);
  const Job job = small_job(folder);
  for (int nth = 1;; ++nth) {
    Injector injector;
    injector.fail("vkQueueSubmit", nth, result);
    bool finished = false;
    const auto evaluation = [&] {
      session::evaluate(job, job.content, options_with(injector));
      finished = true;
      throw Error(kind, "vkQueueSubmit failed no more");
    };
    INFO(nth);
    CHECK_THAT(refusal(kind, evaluation), contains("vkQueueSubmit failed"));
    CHECK(injector.alive().empty());
    CHECK(finished != injector.fired());
    if (!finished) continue;
    CHECK(nth > 3);
    break;
  }
  require_no_messages();
}

}  // namespace
}  // namespace impasto::test
