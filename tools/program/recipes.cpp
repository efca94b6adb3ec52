// impasto recipes: the built-in conventions, in short, in full, or as JSON to edit.
#include "commands.h"
#include "impasto/recipe.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace impasto::cli {
namespace {

struct RecipesFlags {
  std::string name;
  bool json = false;
};

void print_list() {
  for (const Recipe& recipe : recipes())
    fmt::print("{:<16} {}{}\n", recipe.name, recipe.summary,
               recipe.name == kDefaultRecipe ? " (the default)" : "");
}

void print_list_json() {
  std::string separator = "[\n";
  for (const Recipe& recipe : recipes()) {
    fmt::print("{}{}", separator, recipe_to_json(recipe));
    separator = ",\n";
  }
  fmt::print("\n]\n");
}

int print_recipes(const RecipesFlags& flags) {
  if (flags.name.empty()) {
    if (flags.json) {
      print_list_json();
    } else {
      print_list();
    }
    return 0;
  }
  const Recipe recipe = load_recipe(flags.name);
  if (!flags.json) fmt::print("{}: {}\n", recipe.name, recipe.summary);
  fmt::print("{}\n", recipe_to_json(recipe));
  return 0;
}

}  // namespace

void add_recipes(CLI::App& app, Action& chosen) {
  const auto flags = std::make_shared<RecipesFlags>();
  CLI::App* command = app.add_subcommand("recipes", "List the recipes, or show one");
  command->add_option("name", flags->name, "The recipe to show")->option_text("NAME");
  command->add_flag("--json", flags->json, "Print JSON and nothing else");
  command->callback([flags, &chosen] { chosen = [flags] { return print_recipes(*flags); }; });
}

}  // namespace impasto::cli
