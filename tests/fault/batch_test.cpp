// A device that is lost in a batch: its item is tried once more, then marked failed, and the others are none the worse.
#include "impasto/batch.h"

#include "batch/run_batch.h"
#include "catch.h"
#include "fault/injector.h"
#include "fault/losing.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/picture_file.h"
#include "support/skip.h"

#include <algorithm>
#include <string>
#include <vector>

namespace impasto::test {
namespace {

constexpr int kLossesOfARun = 4;  // without getting on, after which it gives up: three are survived
constexpr int kLossesOfAnItem = 2 * kLossesOfARun;

std::vector<Job> small_jobs(const JobFolder& folder) {
  std::vector<Job> jobs;
  for (const char* name : {"first.png", "second.png", "third.png"}) {
    Job job = folder.job();
    folder.write("content.png", small_picture(12, 10, 1));
    folder.write("style.png", small_picture(9, 11, 2));
    job.recipe.content_layers = {{"relu1_1", 1}};
    job.iterations = 5;
    job.output = folder.file("out") / name;
    jobs.push_back(job);
  }
  return jobs;
}

std::vector<ItemStatus> statuses(const std::vector<ItemResult>& results) {
  std::vector<ItemStatus> statuses;
  for (const ItemResult& result : results) statuses.push_back(result.status);
  return statuses;
}

// The batch on a device that is lost so many times.
std::vector<ItemResult> run_with_losses(const std::vector<Job>& jobs, int losses,
                                        const BatchOptions& options = {}) {
  Injector injector;
  const auto folder = jobs.front().output.parent_path();
  std::vector<ItemResult> results =
      batch::run_batch(jobs, folder, options, {losing_options(injector, "vkQueueSubmit", 2, losses)});
  CHECK(losses == 0);
  CHECK(injector.alive().empty());
  return results;
}

TEST_CASE(
    "an item whose device is lost as often as a run survives, or once more, is done with the same bits") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(2);
  const std::vector<Job> jobs = small_jobs(folder);
  run_with_losses(jobs, 0);
  const std::vector<float> undisturbed = load_image(jobs[0].output).rgb;
  const int losses = GENERATE(1, kLossesOfARun, kLossesOfAnItem - 1);
  CAPTURE(losses);
  std::filesystem::remove_all(jobs[0].output.parent_path());
  const std::vector<ItemResult> results = run_with_losses(jobs, losses);
  CHECK(statuses(results) == std::vector(3, ItemStatus::done));
  for (const Job& job : jobs) CHECK((load_image(job.output).rgb == undisturbed));
  require_no_messages();
}

TEST_CASE("an item whose device is lost on its second try too is marked failed, and the next ones are done") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(2);
  const std::vector<Job> jobs = small_jobs(folder);
  const std::vector<ItemResult> results = run_with_losses(jobs, kLossesOfAnItem);
  CHECK(statuses(results) == std::vector{ItemStatus::failed, ItemStatus::done, ItemStatus::done});
  CHECK_THAT(results[0].message, contains("VK_ERROR_DEVICE_LOST"));
  CHECK(results[0].code == Error(ErrorKind::device, "").exit_code());
  CHECK_FALSE(std::filesystem::exists(jobs[0].output));

  BatchOptions options;  // another day
  options.resume = true;
  CHECK(statuses(run_with_losses(jobs, 0, options)) ==
        std::vector{ItemStatus::done, ItemStatus::existed, ItemStatus::existed});
  require_no_messages();
}

TEST_CASE("a device that two items in a row cannot bring back is given up, and nothing is lost") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(2);
  const std::vector<Job> jobs = small_jobs(folder);
  CHECK_THAT(refusal(ErrorKind::device, [&] { run_with_losses(jobs, 2 * kLossesOfAnItem); }),
             contains("lost again and again"));
  BatchOptions options;
  options.resume = true;
  CHECK(statuses(run_with_losses(jobs, 0, options)) == std::vector(3, ItemStatus::done));
  require_no_messages();
}

}  // namespace
}  // namespace impasto::test
