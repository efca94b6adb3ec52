// Jobs: their stages, ranges and JSON.
#include "impasto/job.h"

#include "catch.h"
#include "impasto/error.h"
#include "support/weights.h"

#include <functional>
#include <limits>

using namespace impasto;
using test::contains;

namespace {

Job small_job() {
  Job job;
  job.recipe = find_recipe("gatys");
  job.content = "content.jpg";
  job.styles = {{"style.jpg", 1}};
  job.output = "result.png";
  return job;
}

void refused(const std::function<void(Job&)>& change, const std::string& words) {
  Job job = small_job();
  change(job);
  CHECK_THROWS_WITH(checked_job(job), contains(words));
}

void refused_text(const std::string& json, const std::string& words) {
  CHECK_THROWS_WITH(job_from_json(json, "job.json"), contains("job.json: ") && contains(words));
}

}  // namespace

TEST_CASE("A job runs the recipe's stages, or one of its own size") {
  Job job = small_job();
  CHECK(job_stages(job) == find_recipe("gatys").stages);
  job.size = 256;
  CHECK(job_stages(job) == std::vector<Stage>{{256, SizeSide::longest, 500}});
  job.iterations = 20;
  CHECK(job_stages(job) == std::vector<Stage>{{256, SizeSide::longest, 20}});
  job.size = kOwnSize;
  CHECK(job_stages(job)[0].size == 0);
}

TEST_CASE("Stages share the iterations of the whole run") {
  Job job = small_job();
  job.iterations = 70;
  CHECK(job_stages(job)[0].iterations == 50);
  CHECK(job_stages(job)[1].iterations == 20);
  job.iterations = 1'000'000'000;
  CHECK(job_stages(job)[0].iterations + job_stages(job)[1].iterations == 1'000'000'000);
  job.iterations = 1;
  REQUIRE(job_stages(job).size() == 1);
  CHECK(job_stages(job)[0].iterations == 1);
}

TEST_CASE("A pyramid puts smaller scales before the first stage") {
  Job job = small_job();
  job.recipe.stages = {{500, SizeSide::shortest, 10}, {800, SizeSide::shortest, 20}};
  job.recipe.pyramid = {.smallest = 125, .ratio = 2, .iterations = 40};
  const SizeSide side = SizeSide::shortest;
  CHECK(job_stages(job) ==
        std::vector<Stage>{{125, side, 40}, {250, side, 10}, {500, side, 10}, {800, side, 20}});
  job.recipe.pyramid.smallest = 126;
  CHECK(job_stages(job) == std::vector<Stage>{{250, side, 40}, {500, side, 10}, {800, side, 20}});
  job.recipe.pyramid.smallest = 251;
  CHECK(job_stages(job) ==
        std::vector<Stage>{{500, side, 40}, {800, side, 20}});  // the first is the coarsest

  job.recipe.pyramid.smallest = 125;
  job.size = 256;
  job.iterations = 25;
  CHECK(job_stages(job) == std::vector<Stage>{{128, SizeSide::longest, 20}, {256, SizeSide::longest, 5}});
  job.size = kOwnSize;
  CHECK(job_stages(job, 251) == std::vector<Stage>{{126, SizeSide::longest, 20}, {0, SizeSide::longest, 5}});
  CHECK(job_stages(job) == std::vector<Stage>{{0, SizeSide::longest, 25}});
}

TEST_CASE("The strength of the style multiplies its weight in any recipe and nothing else") {
  for (const Recipe& recipe : recipes()) {
    Job job = small_job();
    job.recipe = recipe;
    CHECK(job_recipe(job) == recipe);
    job.style_strength = 3;
    Recipe expected = recipe;
    expected.style_weight *= 3;
    CHECK(job_recipe(job) == expected);
    CHECK(checked_job(job).recipe == recipe);
  }
}

TEST_CASE("A job out of its ranges is refused by field") {
  CHECK_NOTHROW(checked_job(small_job()));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  refused([](Job& j) { j.content.clear(); }, "--content");
  refused([](Job& j) { j.styles.clear(); }, "--style");
  refused([](Job& j) { j.styles[0].file.clear(); }, "--style");
  for (const double weight : {0.0, -1.0, nan, 1e9})
    refused([&](Job& j) { j.styles[0].weight = weight; }, "style.jpg has weight");
  for (const double scale : {0.0, -1.0, nan, 17.0})
    refused([&](Job& j) { j.style_scale = scale; }, "style_scale");
  for (const int size : {-2, 32769}) {
    refused([&](Job& j) { j.size = size; }, "size is");
    refused([&](Job& j) { j.style_size = size; }, "style_size is");
  }
  refused([](Job& j) { j.iterations = 0; }, "iterations");
  refused([](Job& j) { j.save_every = -1; }, "save_every");
  refused([](Job& j) { j.style_strength = -1; }, "style_strength");
  refused([](Job& j) { j.style_strength = std::numeric_limits<double>::quiet_NaN(); }, "style_strength");
  refused([](Job& j) { j.tile = 100; }, "tile");
  refused([](Job& j) { j.tile = 48; }, "tile");
  refused([](Job& j) { j.tile = -64; }, "tile");
  refused([](Job& j) { j.model.clear(); }, "--model");
  refused([](Job& j) { j.recipe.content_layers = {{"relu9_9", 1}}; }, "relu9_9");
}

TEST_CASE("Names with line breaks leave an error one line") {
  refused_text(R"({"recipe": "a/b\nc.json"})", "\"recipe\" cannot be \"a/b?c.json\"");
  refused([](Job& j) { j.styles[0] = {"a\nb.png", -1}; }, "style a?b.png has weight");
}

TEST_CASE("A checked job has canonical layers") {
  Job job = small_job();
  job.recipe.content_layers = {{"block4_conv2", 1}};
  CHECK(checked_job(job).recipe.content_layers[0].layer == "relu4_2");
}

TEST_CASE("A job survives the way through JSON") {
  Job job = small_job();
  job.styles.push_back({"b\xc3\xa4r.png", 2.5});
  job.recipe = find_recipe("keras");
  job.size = 0;
  job.style_size = 77;
  job.seed = UINT64_MAX;
  job.init = "noise";
  job.overwrite = true;
  CHECK(job_from_json(job_to_json(job), "text") == job);
}

TEST_CASE("A job file may be short") {
  const Job job = job_from_json(
      R"({"content": "c.png", "styles": ["s.png", {"file": "t.png", "weight": 2}], "recipe": "keras"})",
      "text");
  CHECK(job.styles == std::vector<StyleInput>{{"s.png", 1}, {"t.png", 2}});
  CHECK(job.recipe == find_recipe("keras"));
  CHECK(job.size == kRecipeSizes);
  CHECK(job_from_json("{}", "text") == Job{});
  CHECK(job_from_json(R"({"recipe": {"optimizer": {}}})", "text").recipe == find_recipe(kDefaultRecipe));
}

TEST_CASE("A job file's recipe may be a file, but not name itself") {
  const test::TemporaryFolder folder;
  const std::string recipe = (folder.path() / "mine.json").generic_string();
  test::write_bytes(recipe, R"({"base": "keras", "name": "mine"})");
  CHECK(job_from_json(R"({"recipe": ")" + recipe + "\"}", "text").recipe.name == "mine");
  test::write_bytes(recipe, "\"" + recipe + "\"");
  CHECK_THROWS_AS(job_from_json(R"({"recipe": ")" + recipe + "\"}", "text"), Error);
}

TEST_CASE("Wrong fields of a job file are refused with their path") {
  refused_text(R"({"contents": "c.png"})", "\"contents\" is no field; the nearest is \"content\"");
  refused_text(R"({"styles": "s.png"})", "\"styles\" must be a list");
  refused_text(R"({"styles": [{"fil": "s.png"}]})", "\"styles[0].fil\" is no field; the nearest is \"file\"");
  refused_text(R"({"recipe": {"tv": "l2"}})", "\"recipe.tv\" cannot be \"l2\"");
  refused_text(R"({"seed": -1})", "\"seed\" must be a whole number");
  refused_text(R"({"seed": 18446744073709551616})", "\"seed\" must be a whole number");
  refused_text(R"({"overwrite": "yes"})", "\"overwrite\" must be true or false");
  CHECK_THROWS_WITH(load_job("none.json"), contains("no such file"));
}
