// Recipes in and out of JSON.
#include "impasto/recipe.h"
#include "recipe/json_reader.h"
#include "recipe/json_writer.h"
#include "recipe/text_file.h"

namespace impasto {

std::string recipe_to_json(const Recipe& recipe) {
  return recipe::json_text(recipe::fields_to_json(recipe));
}

Recipe recipe_from_json(std::string_view text, std::string_view source) {
  const nlohmann::json json = recipe::parse_json(text, source);
  const recipe::JsonPlace place{json, "", source};
  recipe::require_object(place);  // a text would name another recipe, which a file must not
  Recipe result;
  recipe::read_value(place, result);
  return result;
}

Recipe load_recipe(std::string_view name_or_file) {
  const bool is_file =
      name_or_file.ends_with(".json") || name_or_file.find_first_of("/\\") != std::string_view::npos;
  if (!is_file) return find_recipe(name_or_file);
  const std::filesystem::path file(name_or_file);
  return recipe_from_json(recipe::read_text_file(file), file.string());
}

}  // namespace impasto
