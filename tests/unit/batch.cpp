// Batches: which items there are, what they are called, and which share of them is whose.
#include "impasto/batch.h"

#include "catch.h"
#include "impasto/error.h"
#include "shard.h"
#include "support/weights.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <set>

using namespace impasto;
using test::contains;

namespace {

// Three contents, two styles, and what is no picture.
struct Pictures {
  Pictures() {
    for (const char* folder : {"contents", "styles"}) std::filesystem::create_directory(path(folder));
    for (const char* name : {"contents/b.jpg", "contents/a.PNG", "contents/c.webp", "contents/notes.txt",
                             "contents/.hidden.png", "styles/y.png", "styles/x.jpg"})
      test::write_bytes(path(name), "");
  }
  std::filesystem::path path(const std::string& name) const { return folder.path() / name; }
  BatchRequest request() const {
    BatchRequest request;
    request.contents = {path("contents").string()};
    request.styles = {path("styles").string()};
    request.out = path("out");
    return request;
  }
  test::TemporaryFolder folder;
};

std::vector<std::string> names(const std::vector<Job>& jobs) {
  std::vector<std::string> result;
  for (const Job& job : jobs) result.push_back(job.output.filename().string());
  return result;
}

void refused(const Pictures& pictures, const std::string& words,
             const std::function<void(BatchRequest&)>& change) {
  BatchRequest request = pictures.request();
  change(request);
  CHECK_THROWS_WITH(batch_jobs(request), contains(words));
}

}  // namespace

TEST_CASE("A batch is every picture of the contents' folder with every style, in the order of their names") {
  const Pictures pictures;
  const std::vector<Job> jobs = batch_jobs(pictures.request());
  CHECK(names(jobs) ==
        std::vector<std::string>{"a-x.png", "b-x.png", "c-x.png", "a-y.png", "b-y.png", "c-y.png"});
  CHECK(jobs[4].content == pictures.path("contents/b.jpg"));
  CHECK(jobs[4].styles.at(0).file == pictures.path("styles/y.png"));
}

TEST_CASE("Contents may be globs, files and lists, and no picture comes twice") {
  const Pictures pictures;
  BatchRequest request = pictures.request();
  test::write_bytes(pictures.path("list.txt"), "# two\n" + pictures.path("contents/c.webp").string() +
                                                   "\r\n\n" + pictures.path("contents/a*").string() + "\n");
  request.contents = {pictures.path("list.txt").string(), pictures.path("contents/?.jpg").string(),
                      pictures.path("contents/c.webp").string(), "missing.jpg"};
  request.styles = {pictures.path("styles/x.jpg").string()};
  CHECK(names(batch_jobs(request)) ==
        std::vector<std::string>{"c-x.png", "a-x.png", "b-x.png", "missing-x.png"});
}

TEST_CASE("A sweep tries every value of a field of the job, its recipe or its optimiser") {
  const Pictures pictures;
  BatchRequest request = pictures.request();
  request.contents = {pictures.path("contents/b.jpg").string()};
  request.styles = {pictures.path("styles/x.jpg").string()};
  request.sweeps = {{"style-strength", {"0.5", "2"}}, {"learning_rate", {"1", "3"}}, {"seed", {"7"}}};
  const std::vector<Job> jobs = batch_jobs(request);
  CHECK(names(jobs) ==
        std::vector<std::string>{"b-x-0.5-1-7.png", "b-x-0.5-3-7.png", "b-x-2-1-7.png", "b-x-2-3-7.png"});
  CHECK(jobs[2].style_strength == 2);
  CHECK(jobs[2].recipe.style_weight == request.job.recipe.style_weight);
  CHECK(jobs[3].recipe.optimizer.learning_rate == 3);
  CHECK(jobs[3].seed == 7);
  request.name = "{strength}/{content}_{seed}_{index}.jpg";
  CHECK(batch_jobs(request)[0].output == pictures.path("out") / "0.5/b_7_1.jpg");
  request.sweeps = {{"recipe", {"gatys", "neural-style"}}};
  request.name = "{recipe}.png";
  CHECK(batch_jobs(request)[1].recipe.name == "neural-style");
}

TEST_CASE("A batch that makes no sense is refused") {
  const Pictures pictures;
  refused(pictures, "--contents", [](BatchRequest& r) { r.contents.clear(); });
  refused(pictures, "--out", [](BatchRequest& r) { r.out.clear(); });
  refused(pictures, "there is no picture",
          [&](BatchRequest& r) { r.contents = {pictures.path("contents/*.gif").string()}; });
  refused(pictures, "gives two items the name", [](BatchRequest& r) { r.name = "{style}.png"; });
  refused(pictures, "nearest is {content}", [](BatchRequest& r) { r.name = "{contnt}.png"; });
  refused(pictures, "nearest is \"style_weight\"", [](BatchRequest& r) {
    r.sweeps = {{"style-wieght", {"1"}}};
  });
  refused(pictures, "must be a number", [](BatchRequest& r) { r.sweeps = {{"style-weight", {"strong"}}}; });
  refused(pictures, "has no values", [](BatchRequest& r) { r.sweeps = {{"seed", {}}}; });
  refused(pictures, "iterations", [](BatchRequest& r) { r.sweeps = {{"iterations", {"0"}}}; });
}

TEST_CASE("A batch can stand in a file") {
  const BatchRequest request = batch_from_json(
      R"({"contents": ["c"], "styles": ["s"], "out": "o", "name": "{index}.png",
          "sweeps": [{"setting": "seed", "values": ["1", "2"]}], "job": {"recipe": "keras", "size": 64}})",
      "batch.json");
  CHECK(request.contents == std::vector<std::string>{"c"});
  CHECK(request.sweeps.at(0).values.size() == 2);
  CHECK(request.job.size == 64);
  CHECK(request.job.recipe.name == "keras");
  CHECK_THROWS_WITH(batch_from_json(R"({"content": ["c"]})", "batch.json"),
                    contains("nearest is \"contents\""));
}

TEST_CASE("Shards are what the flag or the scheduler says") {
  using cli::parse_shard;
  CHECK(parse_shard("").count == 1);
  CHECK(parse_shard("2/3").index == 1);
  for (const char* text : {"0/3", "4/3", "1", "/3", "1/", "-1/3", "a/b", "1/3x", "auto"})
    CHECK_THROWS_AS(parse_shard(text), Error);
#ifndef _WIN32
  setenv("JOB_COMPLETION_INDEX", "2", 1);
  CHECK_THROWS_WITH(parse_shard("auto"), contains("how many"));
  CHECK(parse_shard("auto/5").index == 2);
  unsetenv("JOB_COMPLETION_INDEX");
  setenv("SLURM_ARRAY_TASK_ID", "5", 1);
  setenv("SLURM_ARRAY_TASK_MIN", "4", 1);
  setenv("SLURM_ARRAY_TASK_COUNT", "3", 1);
  CHECK(parse_shard("auto").index == 1);
  CHECK(parse_shard("auto").count == 3);
  for (const char* name : {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT"})
    unsetenv(name);
#endif
}
