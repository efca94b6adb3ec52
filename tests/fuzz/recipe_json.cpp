// Fuzzes recipes in JSON.
#include "impasto/recipe.h"
#include "target.h"

using namespace impasto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::run([&] {
    const Recipe recipe = checked_recipe(recipe_from_json(fuzz::text_of(data, size), fuzz::kSource));
    if (recipe_from_json(recipe_to_json(recipe), fuzz::kSource) != recipe) std::abort();
  });
}
