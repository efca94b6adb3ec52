// The rows of the table, and the ranges of their fields.
#include "catch.h"
#include "impasto/error.h"
#include "impasto/recipe.h"

#include <cmath>
#include <functional>
#include <limits>

using namespace impasto;
using test::contains;

namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
const double kInfinity = std::numeric_limits<double>::infinity();

void refused(const std::function<void(Recipe&)>& change, const std::string& words) {
  Recipe recipe = find_recipe("neural-style");
  change(recipe);
  CHECK_THROWS_WITH(checked_recipe(recipe), contains("recipe \"neural-style\"") && contains(words));
}

}  // namespace

TEST_CASE("The table has its eight rows, and each passes its own check") {
  REQUIRE(recipes().size() == 8);
  for (const char* name : {"impasto", "gatys", "neural-style", "neural-style-pt", "keras", "tensorflow",
                           "coursera", "adam-tv"}) {
    const Recipe& recipe = find_recipe(name);
    CHECK(recipe.name == name);
    CHECK(checked_recipe(recipe) == recipe);
    CHECK(recipe.summary.find('\n') == std::string::npos);
  }
}

// Spot checks against the published programs; the gradients of all rows are checked against reference data elsewhere.
TEST_CASE("The rows differ where their programs do") {
  CHECK(find_recipe("gatys").stages.size() == 2);
  CHECK(std::abs(find_recipe("gatys").input.mean[0] - 123.68) < 1e-6);
  CHECK(find_recipe("neural-style").rounding == PoolingRounding::ceil);
  CHECK(find_recipe("neural-style").input.range == 256);
  CHECK(find_recipe("neural-style-pt").rounding == PoolingRounding::floor);
  CHECK(find_recipe("keras").optimizer.history == 10);
  CHECK(find_recipe("tensorflow").optimizer.epsilon_hat);
  CHECK(find_recipe("coursera").pooling == PoolingKind::average);
}

TEST_CASE("A recipe that does not exist is refused with the nearest") {
  CHECK_THROWS_WITH(find_recipe("gatis"), contains("\"gatis\"") && contains("nearest is \"gatys\""));
  CHECK_THROWS_WITH(find_recipe("neural_style_pt"), contains("nearest is \"neural-style-pt\""));
  CHECK_THROWS_AS(find_recipe(""), Error);
}

TEST_CASE("Layers are put into their canonical form") {
  Recipe recipe = find_recipe("gatys");
  recipe.style_layers = {{"block1_conv1", 1}, {"r21", 2}};
  recipe.content_layers = {{"conv4_2", 1}};
  recipe = checked_recipe(recipe);
  CHECK(recipe.style_layers == std::vector<LayerWeight>{{"relu1_1", 1}, {"relu2_1", 2}});
  CHECK(recipe.content_layers[0].layer == "relu4_2");
}

TEST_CASE("Fields out of their range are refused by name") {
  for (const double bad : {-1.0, kNan, kInfinity, -kInfinity, 1e30}) {
    refused([&](Recipe& r) { r.style_weight = bad; }, "style_weight");
    refused([&](Recipe& r) { r.content_weight = bad; }, "content_weight");
    refused([&](Recipe& r) { r.tv_weight = bad; }, "tv_weight");
    refused([&](Recipe& r) { r.style_layers[1].weight = bad; }, "style_layers[1].weight");
    refused([&](Recipe& r) { r.optimizer.learning_rate = bad; }, "optimizer.learning_rate");
    refused([&](Recipe& r) { r.optimizer.beta1 = bad; }, "optimizer.beta1");
    refused([&](Recipe& r) { r.optimizer.epsilon = bad; }, "optimizer.epsilon");
    refused([&](Recipe& r) { r.input.range = bad; }, "input.range");
    refused([&](Recipe& r) { r.tv_range = bad; }, "tv_range");
    refused([&](Recipe& r) { r.noise = bad; }, "noise");
    refused([&](Recipe& r) { r.noise_share = bad; }, "noise_share");
  }
  refused([](Recipe& r) { r.input.mean[2] = kNan; }, "input.mean");
  refused([](Recipe& r) { r.optimizer.learning_rate = 0; }, "optimizer.learning_rate");
  refused([](Recipe& r) { r.optimizer.beta2 = 1; }, "optimizer.beta2");
  refused([](Recipe& r) { r.optimizer.history = 0; }, "optimizer.history");
  refused([](Recipe& r) { r.tv_exponent = 0.5; }, "tv_exponent");
  refused([](Recipe& r) { r.tv = TvKind::none; }, "tv_weight");
}

TEST_CASE("A recipe without layers or stages, or with impossible ones, is refused") {
  refused([](Recipe& r) { r.style_layers = r.content_layers = {}; }, "at least one layer");
  refused([](Recipe& r) { r.style_layers[0].layer = "relu1_9"; }, "nearest is \"relu1_1\"");
  refused([](Recipe& r) { r.style_layers[4].layer = "conv1_1"; }, "relu1_1 a second time");
  refused([](Recipe& r) { r.stages.clear(); }, "stages");
  refused([](Recipe& r) { r.stages.assign(65, Stage{}); }, "stages");
  refused([](Recipe& r) { r.stages[0].size = 0; }, "stages[0].size");
  refused([](Recipe& r) { r.stages[0].size = 32769; }, "stages[0].size");
  refused([](Recipe& r) { r.stages[0].iterations = 0; }, "stages[0].iterations");
  refused([](Recipe& r) { r.snapshots = {5, 0}; }, "snapshots[1]");
  refused([](Recipe& r) { r.pyramid.ratio = 1; }, "pyramid.ratio");
  refused([](Recipe& r) { r.pyramid.smallest = -1; }, "pyramid.smallest");
  refused([](Recipe& r) { r.pyramid.iterations = 0; }, "pyramid.iterations");
  refused([](Recipe& r) { r.optimizer.average = 1; }, "optimizer.average");
  Recipe content_only = find_recipe("gatys");
  content_only.style_layers.clear();
  CHECK_NOTHROW(checked_recipe(content_only));
}

TEST_CASE("The other optimiser comes with its own rate") {
  CHECK(with_optimizer(find_recipe("neural-style"), OptimizerKind::adam).optimizer.learning_rate == 10);
  CHECK(with_optimizer(find_recipe("neural-style-pt"), OptimizerKind::adam).optimizer.learning_rate == 1);
  const Recipe lbfgs = with_optimizer(find_recipe("tensorflow"), OptimizerKind::lbfgs);
  CHECK(lbfgs.optimizer.learning_rate == 1);
  CHECK(lbfgs.optimizer.variable_range == 1);
  CHECK(with_optimizer(find_recipe("gatys"), OptimizerKind::lbfgs) == find_recipe("gatys"));
  for (const Recipe& recipe : recipes()) {
    CHECK_NOTHROW(checked_recipe(with_optimizer(recipe, OptimizerKind::adam)));
    CHECK_NOTHROW(checked_recipe(with_optimizer(recipe, OptimizerKind::lbfgs)));
  }
}

TEST_CASE("Another pooling is rounded as the recipe's authors round it") {
  CHECK(with_pooling(find_recipe("neural-style"), PoolingKind::average).rounding == PoolingRounding::floor);
  CHECK(with_pooling(find_recipe("neural-style"), PoolingKind::max) == find_recipe("neural-style"));
  CHECK(with_pooling(find_recipe("gatys"), PoolingKind::average).pooling == PoolingKind::average);
}
