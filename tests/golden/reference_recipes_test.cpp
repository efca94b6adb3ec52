// The double-precision objective against losses and gradients of an independent implementation, for every recipe.
#include "catch.h"
#include "reference/objective.h"
#include "support/files.h"
#include "support/skip.h"

#include <nlohmann/json.hpp>

namespace {

using namespace impasto;

TEST_CASE("the reference objective meets the recorded losses and gradients") {
  IMPASTO_REQUIRE_SHARED();
  const auto folder = test::shared_folder() / "reference";
  const reference::Network network = test::load_network(folder / "narrow_vgg16.safetensors");
  const reference::Array content = test::load_picture(folder / "odd_content.png");
  const reference::Array style = test::load_picture(folder / "odd_style.png");
  const reference::Array picture = test::load_picture(folder / "odd_image.png");
  const auto recorded = nlohmann::json::parse(test::read_text(folder / "losses_odd_vgg16.json"));
  REQUIRE(recorded.size() == 7);
  for (const auto& [name, expected] : recorded.items()) {
    const Recipe& recipe = find_recipe(name);
    const reference::Targets targets = reference::make_targets(recipe, network, content, style);
    const reference::Losses losses = reference::evaluate(recipe, network, targets, picture);
    INFO(name);
    // The pictures are eight-bit values divided by 255 in single precision: 6e-8 of each.
    CHECK(losses.content == Approx(double(expected["content"])).epsilon(1e-6));
    CHECK(losses.style == Approx(double(expected["style"])).epsilon(1e-6));
    CHECK(losses.tv == Approx(double(expected["tv"])).epsilon(1e-6));
    CHECK(losses.total == Approx(double(expected["total"])).epsilon(1e-6));
    const reference::Array gradient = test::read_npy(folder / (name + ".odd_vgg16.gradient.npy"));
    CHECK(reference::relative_error(losses.gradient, gradient) < 1e-6);
  }
}

}  // namespace
