// Evaluation in tiles against evaluation at once: losses and gradient of every recipe, wherever the tiles end.
#include "plan/tiles.h"

#include "catch.h"
#include "plan/objective.h"
#include "session/engine.h"
#include "support/files.h"
#include "support/fixtures.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/objective.h"
#include "support/skip.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

namespace impasto::test {
namespace {

constexpr size_t kLayers = 14;  // of VGG-19, up to relu5_2

struct Evaluated {
  size_t tiles = 0;  // of all parts
  std::vector<float> totals;
  std::vector<float> gradient;
};

Evaluated evaluate_in(const plan::DeviceNetwork& network, const Recipe& recipe, int height, int width,
                      const plan::Tiling& tiling, uint64_t seed) {
  plan::Objective objective(library().caps(), network, recipe, height, width, tiling);
  const Image style = small_picture(131, 90, 2);
  const auto grams = plan::style_targets(library(), network, recipe, {{&style, 1}}, tiling.side);
  objective.allocate(device());
  objective.set_content(library(), small_picture(width, height, 1));
  objective.set_grams(grams);
  plan::upload_image(objective.image(), small_picture(width, height, seed), recipe);
  Evaluated evaluated;
  for (const plan::Part& part : objective.parts()) evaluated.tiles += part.tiles.size();
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

const char* asked(const char* name) {
  return std::getenv(name);
}

// What is asked for by hand is told.
void tell(const std::string& row) {
  if (asked("IMPASTO_TILE_SIDES") != nullptr) WARN(row);
}

void check(const network::Network& stored, const Recipe& recipe, int height, int width, int side,
           uint64_t seed = 3) {
  const plan::DeviceNetwork network = loaded(stored, recipe);
  const Evaluated whole = evaluate_in(network, recipe, height, width, {}, seed);
  const plan::Tiling tilings[] = {
      {side, 2 * side}, {side, kMaxImageSide}, {side, kMaxImageSide, 2}, {side, kMaxImageSide, 1}, {side, 0}};
  for (const plan::Tiling& tiling : tilings) {
    const int deep_side = tiling.deep_side, parting = tiling.parting;
    const Evaluated tiled = evaluate_in(network, recipe, height, width, tiling, seed);
    CAPTURE(recipe.name, height, width, side, deep_side, parting, tiled.tiles, seed);
    REQUIRE(tiled.tiles > 1);
    REQUIRE(tiled.totals.size() == whole.totals.size());
    double worst = 0;
    for (size_t i = 0; i < whole.totals.size(); ++i)
      worst = std::max(worst, std::abs(double(tiled.totals[i]) / double(whole.totals[i]) - 1));
    const double distance = relative_distance(tiled.gradient, whole.gradient);
    CHECK(worst <= 1e-5);
    CHECK(distance <= 1e-5);
    tell(fmt::format("| {} | {} × {} | {} | {} | {} | {} | {:.1e} | {:.1e} |", recipe.name, width, height,
                     side, deep_side, parting, tiled.tiles, worst, distance));
  }
}

TEST_CASE("every recipe has the same losses and gradient in tiles") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  const network::Network stored(folder.file("vgg19.safetensors"));
  for (const Recipe& recipe : recipes()) check(stored, recipe, 149, 201, 64);
}

struct Size {
  int height, width, side;
};

// 64 and a last row of 1 and of 15 pixels, which go to the tile before; of 16; a picture one tile high; halos over the whole picture.
// By hand, the sides that IMPASTO_TILE_SIDES names ("128 256 512 1024"), with a last row of 9 pixels and a last column of 77.
std::vector<Size> sizes_to_check() {
  const char* sides = asked("IMPASTO_TILE_SIDES");
  if (sides == nullptr) return {{65, 144, 64}, {207, 79, 64}, {33, 290, 128}, {143, 130, 112}};
  std::vector<Size> sizes;
  std::istringstream words(sides);
  for (int side = 0; words >> side;) sizes.push_back({2 * side + 9, side + 77, side});
  return sizes;
}

Recipe recipe_with(PoolingKind pooling, PoolingRounding rounding) {
  Recipe recipe = find_recipe("gatys");
  recipe.name = std::string(pooling == PoolingKind::max ? "max" : "average") +
                (rounding == PoolingRounding::floor ? " floor" : " ceil");
  recipe.pooling = pooling;
  recipe.rounding = rounding;
  recipe.padding = pooling == PoolingKind::max ? PaddingKind::replicate_first : PaddingKind::replicate;
  recipe.style_layers = {{"relu1_1", 1}, {"relu2_2", 0.5}, {"relu5_1", 1}};
  recipe.content_layers = {{"relu1_2", 0.1}, {"relu3_4", 1}, {"relu5_1", 0.3}};
  return recipe;
}

// By hand, IMPASTO_TILE_NETWORK is the file of another network.
TEST_CASE("so has any size, with every pooling and padding") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  const char* file = asked("IMPASTO_TILE_NETWORK");
  const network::Network stored(file != nullptr ? std::filesystem::path(file)
                                                : folder.file("vgg19.safetensors"));
  for (const PoolingKind pooling : {PoolingKind::max, PoolingKind::average})
    for (const PoolingRounding rounding : {PoolingRounding::floor, PoolingRounding::ceil})
      for (const auto& [height, width, side] : sizes_to_check())
        check(stored, recipe_with(pooling, rounding), height, width, side);
}

// Of these pictures some value is so near to zero that it once passed a gradient in a tile and not in the whole picture, or the other way.
TEST_CASE("a ReLU passes in tiles what it passes in the whole picture") {
  IMPASTO_REQUIRE_GPU();
  IMPASTO_REQUIRE_FIXTURES();
  const network::Network stored(compact_network());
  const uint64_t seed = GENERATE(10, 13);
  check(stored, recipe_with(PoolingKind::max, PoolingRounding::floor), 265, 205, 128, seed);
}

void check_cover(const plan::DeviceNetwork& network, const plan::Part& part, int multiple) {
  const int halo = plan::halo_of(network, part), grid = plan::window_grid(network, part),
            height = part.input.height, width = part.input.width;
  const auto check_begin = [&](int window, int block) {
    CHECK(window % grid == 0);
    CHECK(block >= std::min(window + block, halo));
    CHECK(block < halo + grid);
  };
  std::vector<int> seen(size_t(height) * size_t(width));
  for (const plan::Tile& tile : part.tiles) {
    const int top = tile.window.top + tile.block.top, left = tile.window.left + tile.block.left;
    CHECK(top % multiple == 0);
    CHECK(left % multiple == 0);
    check_begin(tile.window.top, tile.block.top);
    check_begin(tile.window.left, tile.block.left);
    CHECK(tile.window.bottom() == std::min(height, top + tile.block.height + halo));
    CHECK(tile.window.right() == std::min(width, left + tile.block.width + halo));
    for (int y = top; y < top + tile.block.height; ++y)
      for (int x = left; x < left + tile.block.width; ++x) seen[size_t(y) * size_t(width) + size_t(x)]++;
  }
  CHECK((seen == std::vector<int>(seen.size(), 1)));
}

TEST_CASE("tiles cover a picture once, where poolings end, in windows as wide as the network looks") {
  const JobFolder folder(kLayers);
  const network::Network stored(folder.file("vgg19.safetensors"));
  const Recipe recipe = find_recipe("gatys");
  const plan::DeviceNetwork network(vulkan::Caps{}, stored, 13);
  const auto cut = [&](const plan::Tiling& tiling) {
    return plan::cut_into_parts(network, recipe, 207, 333, tiling);
  };
  const std::vector<plan::Part> whole = cut({336}), one = cut({96, 0}), two = cut({96, 192});
  const std::vector<plan::Part> early = cut({96, kMaxImageSide, 1}), middle = cut({96, kMaxImageSide, 2});
  REQUIRE((whole.size() == 1 && one.size() == 1 && two.size() == 2));
  CHECK(whole[0].tiles.size() == 1);
  CHECK(plan::halo_of(network, one[0]) == 80);  // 70 to relu5_1
  CHECK(plan::halo_of(network, two[0]) == 24);  // 22 to what is pooled behind relu3_4
  CHECK(plan::halo_of(network, two[1]) == 6);
  CHECK(plan::window_grid(network, one[0]) == 64);  // four pixels of relu5_1
  CHECK(plan::window_grid(network, two[0]) == 16);  // of relu3_4
  CHECK(plan::window_grid(network, two[1]) == 8);
  CHECK((two[1].input == kernels::Shape{kNarrowWidths[2], 25, 41}));  // 207 and 333 halved three times
  check_cover(network, one[0], 16);
  check_cover(network, two[0], 8);
  check_cover(network, two[1], 2);
  REQUIRE((early.size() == 2 && middle.size() == 2));
  CHECK(plan::halo_of(network, early[0]) == 12);   // 2 to what is pooled, and 8 that are rounded otherwise
  CHECK(plan::halo_of(network, middle[0]) == 32);  // 6 and 24
  CHECK((early[1].tiles.size() == 1 && middle[1].tiles.size() == 1));
  CHECK((early[1].input == kernels::Shape{kNarrowWidths[0], 103, 166}));
  check_cover(network, early[0], 2);
  check_cover(network, middle[0], 4);
}

}  // namespace
}  // namespace impasto::test
