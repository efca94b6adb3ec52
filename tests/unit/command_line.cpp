// Flags of the program: what they make of a job, and what is refused with which exit code.
#include "command_line.h"

#include "catch.h"
#include "flag_values.h"
#include "impasto/error.h"
#include "job_flags.h"
#include "support/weights.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>

using namespace impasto;
using namespace impasto::cli;
using test::contains;

namespace {

Job job_of(const std::string& flags) {
  CLI::App app;
  JobFlags parsed;
  add_input_flags(app, parsed);
  add_objective_flags(app, parsed);
  add_run_flags(app, parsed);
  app.parse(flags);
  return make_job(parsed);
}

}  // namespace

TEST_CASE("An amount of memory is a number with a binary unit or none") {
  const uint64_t kGibi = uint64_t{1} << 30;
  for (const char* text : {"4G", "4g", "4 GiB", "4GB", "4096M", "4.0G"})
    CHECK(parse_bytes("--memory-budget", text) == 4 * kGibi);
  CHECK(parse_bytes("--memory-budget", "65536") == 65536);
  CHECK(parse_bytes("--memory-budget", "0") == 0);
  CHECK(parse_bytes("--memory-budget", "0.5K") == 512);
  for (const char* text : {"", "G", "4X", "4Gi b", "-1", "4GG", "1e3", "99999999T", "nan"})
    CHECK_THROWS_AS(parse_bytes("--memory-budget", text), Error);
}

TEST_CASE("Without flags a job has its defaults") {
  CHECK(job_of("") == Job{});
}

TEST_CASE("Every flag of a job reaches its field") {
  const Job job = job_of(
      "-c c.png -s a.png:2 -s b.png -o r.png --size 0 --style-scale 0.5 --style-size 64 --init noise --seed "
      "18446744073709551615 --iterations 7 --style-strength 2.5 -m net.safetensors -g 1 --memory-budget 1.5G "
      "--precision fp16 "
      "-t "
      "512 --save-every 5 --overwrite");
  CHECK(job.content == "c.png");
  CHECK(job.styles == std::vector<StyleInput>{{"a.png", 2}, {"b.png", 1}});
  CHECK(job.output == "r.png");
  CHECK((job.size == 0 && job.style_scale == 0.5 && job.style_size == 64 && job.iterations == 7));
  CHECK((job.init == "noise" && job.seed == UINT64_MAX && job.style_strength == 2.5));
  CHECK(job.precision == Precision::fp16);
  CHECK((job.memory_budget == uint64_t{3} << 29 && job.tile == 512));
  CHECK((job.model == "net.safetensors" && job.device == "1" && job.save_every == 5 && job.overwrite));
}

TEST_CASE("Recipe flags change the recipe that is named") {
  const Recipe recipe =
      job_of(
          "-r keras --content-weight 3 --style-weight 4 --tv-weight 5 --content-layers conv4_2:2,relu5_2 "
          "--style-layers relu1_1 --optimizer adam --learning-rate 0.5 --history 6 --pooling average")
          .recipe;
  CHECK(recipe.name == "keras");
  CHECK((recipe.content_weight == 3 && recipe.style_weight == 4 && recipe.tv_weight == 5));
  CHECK(recipe.content_layers == std::vector<LayerWeight>{{"conv4_2", 2}, {"relu5_2", 1}});
  CHECK(recipe.style_layers == std::vector<LayerWeight>{{"relu1_1", 0.2}});
  CHECK(recipe.optimizer.kind == OptimizerKind::adam);
  CHECK((recipe.optimizer.learning_rate == 0.5 && recipe.optimizer.history == 6));
  CHECK((recipe.pooling == PoolingKind::average && recipe.tv == TvKind::power_block));
}

TEST_CASE("A recipe without total variation gets a kind with its weight") {
  CHECK(job_of("-r gatys --tv-weight 1").recipe.tv == TvKind::l1);
  CHECK_NOTHROW(checked_recipe(job_of("-r gatys --tv-weight 0").recipe));
}

TEST_CASE("The other optimiser takes its recipe's rate unless one is given") {
  CHECK(job_of("-r neural-style --optimizer adam").recipe.optimizer.learning_rate == 10);
  CHECK(job_of("-r neural-style --optimizer adam --learning-rate 3").recipe.optimizer.learning_rate == 3);
}

TEST_CASE("Flags override a job file") {
  const test::TemporaryFolder folder;
  const std::string file = (folder.path() / "job.json").string();
  test::write_bytes(
      file, R"({"content": "c.png", "styles": ["s.png"], "recipe": "keras", "size": 100, "seed": 3})");
  const Job job = job_of("--job " + file + " --size 200 --tv-weight 2");
  CHECK((job.content == "c.png" && job.size == 200 && job.seed == 3));
  CHECK((job.recipe.name == "keras" && job.recipe.tv_weight == 2));
}

TEST_CASE("A style's weight follows the last colon") {
  CHECK(parse_style("a.png") == StyleInput{"a.png", 1});
  CHECK(parse_style("a.png:0.5") == StyleInput{"a.png", 0.5});
  CHECK(parse_style("a:b.png:2e1") == StyleInput{"a:b.png", 20});
  CHECK(parse_style("C:/a.png") == StyleInput{"C:/a.png", 1});
  CHECK(parse_style("a.png:-1").weight == -1);  // refused later, by its range
  const test::TemporaryFolder folder;
  const std::string odd = (folder.path() / "12:30").string();
  test::write_bytes(odd, "");
  CHECK(parse_style(odd) == StyleInput{odd, 1});
}

TEST_CASE("Layer lists are parsed, and refused by flag") {
  CHECK(parse_layers("--x", "", {}).empty());
  CHECK(parse_layers("--x", "r11:2,r21", {}) == std::vector<LayerWeight>{{"r11", 2}, {"r21", 1}});
  CHECK(parse_layers("--x", "r21", {{"r11", 3}, {"r21", 4}}) == std::vector<LayerWeight>{{"r21", 4}});
  for (const char* bad : {",", "r11,", ":2", "r11:", "r11:x", "r11:1x", "r11:1:2"})
    CHECK_THROWS_WITH(parse_layers("--x", bad, {}), contains("--x"));
}

TEST_CASE("A choice that does not exist is refused with the nearest") {
  CHECK(parse_choice("--x", "b", {"a", "b"}) == 1);
  CHECK_THROWS_WITH(parse_choice("--x", "avrage", {"max", "average"}),
                    contains("--x") && contains("\"average\""));
  CHECK_THROWS_AS(job_of("--pooling median"), Error);
  CHECK_THROWS_AS(job_of("--optimizer sgd"), Error);
}

TEST_CASE("A wrong command line ends with 2, a missing file with 3") {
  using Arguments = std::vector<std::string>;
  for (const Arguments& wrong :
       {Arguments{}, Arguments{"evalute"}, Arguments{"photo.jpg"}, Arguments{"--stile", "x"},
        Arguments{"stylize", "photo.jpg"}, Arguments{"-c"}, Arguments{"-c", "a", "-s", "b"},
        Arguments{"-c", "a", "-s", "b", "-o", "c.png", "--size", "x"},
        Arguments{"-c", "a", "-s", "b", "-o", "c.png", "--size", "-5"},
        Arguments{"-c", "a", "-s", "b", "-o", "c.png", "--seed", "-1"},
        Arguments{"-c", "a", "-s", "b:-1", "-o", "c.png"}, Arguments{"recipes", "gatis"},
        Arguments{"-c", "a", "-s", "b", "-o", "c.png", "--progress", "jsn"},
        Arguments{"bench", "--size", "0"}, Arguments{"bench", "--iterations", "0"},
        Arguments{"bench", "--optimizer", "sgd"}, Arguments{"evaluate", "-c", "a", "-s", "b"},
        Arguments{"-c", "a", "--content", "b"}}) {
    INFO(fmt::format("{}", fmt::join(wrong, " ")));
    CHECK(run(wrong) == 2);
  }
  CHECK(run({"--job", "none.json"}) == 3);
  CHECK(run({"recipes", "none.json"}) == 3);
  CHECK(run({"-c", "a", "-s", "b", "-o", "no/such/folder/c.png"}) == 3);
  CHECK(run({"-c", "a", "-s", "b", "-o", "c.unknown"}) == 3);
}

TEST_CASE("Help, version and lists end with 0") {
  for (const char* flag : {"--help", "-h", "--version"}) CHECK(run({flag}) == 0);
  CHECK(run({"stylize", "--help"}) == 0);
  CHECK(run({"recipes"}) == 0);
  CHECK(run({"recipes", "--json"}) == 0);
  CHECK(run({"recipes", "gatys", "--json"}) == 0);
}
