// Recipes in and out of JSON, and JSON that is refused.
#include "catch.h"
#include "impasto/error.h"
#include "impasto/recipe.h"
#include "support/weights.h"

using namespace impasto;
using test::contains;

namespace {

void refused(const std::string& json, const std::string& words) {
  CHECK_THROWS_WITH(recipe_from_json(json, "mine.json"),
                    contains("mine.json: ") && contains(words) && !contains("\n"));
}

}  // namespace

TEST_CASE("Every row survives the way through JSON") {
  for (const Recipe& recipe : recipes()) CHECK(recipe_from_json(recipe_to_json(recipe), "text") == recipe);
}

TEST_CASE("Fields left out come from the base, or from a fresh recipe") {
  const Recipe changed =
      recipe_from_json(R"({"base": "keras", "tv_weight": 2, "optimizer": {"history": 5}})", "text");
  Recipe expected = find_recipe("keras");
  expected.tv_weight = 2;
  expected.optimizer.history = 5;
  CHECK(changed == expected);
  CHECK(recipe_from_json("{}", "text") == Recipe{});
}

TEST_CASE("Unknown fields are refused with their path and the nearest name") {
  refused(R"({"stile_weight": 1})", "\"stile_weight\" is no field; the nearest is \"style_weight\"");
  refused(R"({"optimizer": {"beta3": 1}})", "\"optimizer.beta3\" is no field; the nearest is \"beta1\"");
  refused(R"({"stages": [{}, {"sise": 1}]})", "\"stages[1].sise\" is no field; the nearest is \"size\"");
  refused(R"({"bas": "gatys"})", "the nearest is \"base\"");
  refused(R"({"": 1})", "is no field");
  refused(R"({"input": {"r\nge": 1}})", "\"input.r?ge\" is no field; the nearest is \"range\"");
}

TEST_CASE("Ill-typed fields are refused with their path") {
  refused(R"({"style_weight": "1"})", "\"style_weight\" must be a number, not string");
  refused(R"({"style_weight": null})", "\"style_weight\" must be a number, not null");
  refused(R"({"style_layers": {}})", "\"style_layers\" must be a list, not object");
  refused(R"({"style_layers": ["relu1_1"]})", "\"style_layers[0]\" must be an object, not string");
  refused(R"({"style_layers": [{"layer": 3}]})", "\"style_layers[0].layer\" must be a text, not number");
  refused(R"({"optimizer": []})", "\"optimizer\" must be an object, not array");
  refused(R"({"optimizer": {"clamp": 1}})", "\"optimizer.clamp\" must be true or false, not number");
  refused(R"({"optimizer": {"history": 1.5}})", "\"optimizer.history\" must be a whole number");
  refused(R"({"optimizer": {"history": 4294967296}})", "\"optimizer.history\" must be a whole number");
  refused(R"({"optimizer": {"history": -4294967296}})", "\"optimizer.history\" must be a whole number");
  refused(R"({"input": {"mean": [1, 2]}})", "\"input.mean\" must have three numbers");
  refused(R"({"input": {"mean": [1, 2, "3"]}})", "\"input.mean[2]\" must be a number");
  refused(R"({"pooling": "median"})", "\"pooling\" cannot be \"median\"");
  refused(R"({"pooling": "avrage"})", "nearest is \"average\"");
  refused(R"({"base": "gatis"})", "\"base\" cannot be \"gatis\"; the nearest is \"gatys\"");
  refused(R"({"base": 1})", "\"base\" must be a text");
}

TEST_CASE("What is not an object of JSON is refused with its place") {
  refused("", "line 1");
  refused("{", "line 1, column");
  refused("{\n\"tv\": \"l1\",,\n}", "line 2");
  refused("[]", "the whole must be an object");
  refused("\"gatys\"", "the whole must be an object");
  refused("{} {}", "is not JSON");
  refused(std::string("{}\0", 3), "is not JSON");
  refused("{\"style_weight\": 1e999}", "");
  refused("{\"name\": \"\xff\"}", "is not JSON");
  refused(R"({"tv": "l1", "tv": "none"})", "has \"tv\" twice");
  refused(R"({"optimizer": {"beta1": 0, "beta1": 0}})", "has \"beta1\" twice");
  refused(std::string(100'000, '['), "nested too deeply");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  refused(objects, "nested too deeply");
}

TEST_CASE("A recipe is found by name or read from a file") {
  CHECK(load_recipe("coursera") == find_recipe("coursera"));
  const test::TemporaryFolder folder;
  const std::string file = (folder.path() / "mine.json").string();
  test::write_bytes(file, R"({"base": "gatys", "name": "mine"})");
  CHECK(load_recipe(file).name == "mine");
  test::write_bytes(file, R"({"nam": "mine"})");
  CHECK_THROWS_WITH(load_recipe(file), contains("mine.json: \"nam\"") && contains("nearest is \"name\""));
  CHECK_THROWS_WITH(load_recipe("none.json"), contains("none.json") && contains("no such file"));
  test::write_bytes(file, std::string((1 << 20) + 1, ' '));
  CHECK_THROWS_WITH(load_recipe(file), contains("too many"));
}
