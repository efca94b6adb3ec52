// Evaluation in tiles against evaluation at once: losses and gradient of every recipe, wherever the tiles end.
#include "plan/tiles.h"

#include "catch.h"
#include "plan/objective.h"
#include "session/engine.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/objective.h"
#include "support/skip.h"

#include <cmath>

namespace impasto::test {
namespace {

constexpr size_t kLayers = 14;  // of VGG-19, up to relu5_2

struct Evaluated {
  size_t tiles = 0;
  std::vector<float> totals;
  std::vector<float> gradient;
};

Evaluated evaluate_in(const plan::DeviceNetwork& network, const Recipe& recipe, int height, int width,
                      int tile) {
  plan::Objective objective(library().caps(), network, recipe, height, width, tile);
  const Image style = small_picture(131, 90, 2);
  const auto grams = plan::style_targets(library(), network, recipe, {{&style, 1}}, tile);
  objective.allocate(device());
  objective.set_content(library(), small_picture(width, height, 1));
  objective.set_grams(grams);
  plan::upload_image(objective.image(), small_picture(width, height, 3), recipe);
  Evaluated evaluated{objective.tiles(), {}, {}};
  const auto ask = [&] {
    plan::run_once(library(), [&](kernels::Context& context) { objective.record(context); });
    return download<float>(objective.gradient());
  };
  evaluated.gradient = ask();
  CHECK((ask() == evaluated.gradient));  // bit for bit, and nothing is left over from the evaluation before
  evaluated.totals = download<float>(objective.totals());
  require_no_messages();
  return evaluated;
}

double relative_distance(const std::vector<float>& actual, const std::vector<float>& expected) {
  double difference = 0, norm = 0;
  REQUIRE(actual.size() == expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    difference += std::pow(double(actual[i]) - double(expected[i]), 2);
    norm += std::pow(double(expected[i]), 2);
  }
  return std::sqrt(difference / norm);
}

plan::DeviceNetwork loaded(const network::Network& stored, const Recipe& recipe) {
  return plan::DeviceNetwork(device(), stored, session::depth_of(stored, recipe));
}

void check(const network::Network& stored, const Recipe& recipe, int height, int width, int tile) {
  const plan::DeviceNetwork network = loaded(stored, recipe);
  const Evaluated whole = evaluate_in(network, recipe, height, width, 0);
  const Evaluated tiled = evaluate_in(network, recipe, height, width, tile);
  CAPTURE(recipe.name, height, width, tile, tiled.tiles);
  REQUIRE(tiled.tiles > 1);
  REQUIRE(tiled.totals.size() == whole.totals.size());
  for (size_t i = 0; i < whole.totals.size(); ++i)
    CHECK(double(tiled.totals[i]) == Approx(double(whole.totals[i])).epsilon(1e-5));
  CHECK(relative_distance(tiled.gradient, whole.gradient) <= 1e-5);
}

TEST_CASE("every recipe has the same losses and gradient in tiles") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  const network::Network stored(folder.file("vgg19.safetensors"));
  for (const Recipe& recipe : recipes()) check(stored, recipe, 149, 201, 64);
}

// 64 and a last row of 1 and of 15 pixels, which go to the tile before; of 16; a picture one tile high; halos over the whole picture.
TEST_CASE("so has any size, with every pooling and padding") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  const network::Network stored(folder.file("vgg19.safetensors"));
  struct Size {
    int height, width, tile;
  };
  for (const PoolingKind pooling : {PoolingKind::max, PoolingKind::average})
    for (const PoolingRounding rounding : {PoolingRounding::floor, PoolingRounding::ceil})
      for (const auto& [height, width, tile] :
           {Size{65, 144, 64}, Size{207, 79, 64}, Size{33, 290, 128}, Size{143, 130, 112}}) {
        Recipe recipe = find_recipe("gatys");
        recipe.name = std::string(pooling == PoolingKind::max ? "max" : "average") +
                      (rounding == PoolingRounding::floor ? " floor" : " ceil");
        recipe.pooling = pooling;
        recipe.rounding = rounding;
        recipe.padding = PaddingKind::replicate_first;
        recipe.style_layers = {{"relu1_1", 1}, {"relu2_2", 0.5}, {"relu5_1", 1}};
        recipe.content_layers = {{"relu1_2", 0.1}, {"relu3_4", 1}, {"relu5_1", 0.3}};
        check(stored, recipe, height, width, tile);
      }
}

TEST_CASE("tiles cover a picture once, on multiples of 16, in windows as wide as the network looks") {
  const JobFolder folder(kLayers);
  const network::Network stored(folder.file("vgg19.safetensors"));
  CHECK(plan::halo_of(plan::DeviceNetwork(stored, 1)) == 16);
  CHECK(plan::halo_of(plan::DeviceNetwork(stored, 13)) == 80);  // 70 to relu5_1
  const plan::DeviceNetwork network(stored, 10);
  const int halo = plan::halo_of(network);
  std::vector<int> seen(size_t(207) * 333);
  for (const plan::Tile& tile : plan::cut_into_tiles(network, 207, 333, 96)) {
    const int top = tile.window.top + tile.block.top, left = tile.window.left + tile.block.left;
    CHECK(top % 16 == 0);
    CHECK(left % 16 == 0);
    CHECK(tile.block.top == std::min(top, halo));
    CHECK(tile.block.left == std::min(left, halo));
    CHECK(tile.window.bottom() == std::min(207, top + tile.block.height + halo));
    CHECK(tile.window.right() == std::min(333, left + tile.block.width + halo));
    for (int y = top; y < top + tile.block.height; ++y)
      for (int x = left; x < left + tile.block.width; ++x) seen[size_t(y) * 333 + size_t(x)]++;
  }
  CHECK((seen == std::vector<int>(seen.size(), 1)));
}

}  // namespace
}  // namespace impasto::test
