// The gradient of a large picture against that of a crop of it, given the same Gram factors: the same wherever the network does not
// look beyond the crop. Where an index of the large picture overflowed, the two would differ.
#include "catch.h"
#include "plan/objective.h"
#include "session/engine.h"
#include "session/stage_plan.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/skip.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

namespace impasto::test {
namespace {

constexpr size_t kLayers = 13;  // of VGG-19, up to relu5_1
constexpr int kReach = 144;  // 70 pixels from a loss to what it sees, twice, and no fewer than a pooling's 16
constexpr int kInside = 96;  // pixels a side that are compared

// Every loss a sum, so that nothing in it depends on the size of the picture but the Gram matrices themselves.
Recipe recipe_of_sums() {
  Recipe recipe = find_recipe("gatys");
  recipe.gram_divisor = GramDivisor::one;
  recipe.style_factor = StyleFactor::one;
  recipe.style_reduction = recipe.content_reduction = recipe.tv_reduction = Reduction::sum;
  recipe.tv = TvKind::squared;
  recipe.content_weight = 1;
  recipe.tv_weight = 0.1;
  recipe.style_weight = 1e-9;
  return recipe;
}

Image cut_out(const Image& picture, int top, int left, int side) {
  Image crop{side, side, {}, {}};
  for (int y = top; y < top + side; ++y) {
    const auto row = picture.rgb.begin() + (std::ptrdiff_t{y} * picture.width + left) * 3;
    crop.rgb.insert(crop.rgb.end(), row, row + std::ptrdiff_t{side} * 3);
  }
  return crop;
}

// Of both pictures' style losses: target such that gram − target is the same.
plan::Grams same_factors(const plan::Grams& gram, const plan::Grams& other_gram,
                         const plan::Grams& other_target) {
  plan::Grams target = gram;
  for (size_t row = 0; row < gram.size(); ++row)
    for (size_t i = 0; i < gram[row].size(); ++i)
      target[row][i] =
          float(double(gram[row][i]) - (double(other_gram[row][i]) - double(other_target[row][i])));
  return target;
}

struct Evaluation {
  kernels::Library& library;
  const plan::DeviceNetwork& network;
  Recipe recipe;

  // d total / d image, rows of RGB floats.
  std::vector<float> gradient(const Image& image, const Image& content, const plan::Grams& target,
                              const plan::Tiling& tiling) const {
    plan::Objective objective(library.caps(), network, recipe, image.height, image.width, tiling);
    objective.allocate(library.device());
    objective.set_content(library, content);
    objective.set_grams(target);
    plan::upload_image(objective.image(), image, recipe);
    plan::run_once(library, [&](kernels::Context& context) { objective.record(context); });
    return download<float>(objective.gradient());
  }
};

// The square [first, first + kInside)² of rows of RGB floats.
std::vector<float> inside(const std::vector<float>& rows, int width, int top, int left) {
  std::vector<float> values;
  for (int y = top; y < top + kInside; ++y) {
    const auto row = rows.begin() + (std::ptrdiff_t{y} * width + left) * 3;
    values.insert(values.end(), row, row + std::ptrdiff_t{kInside} * 3);
  }
  return values;
}

double relative_distance(const std::vector<float>& actual, const std::vector<float>& expected) {
  double difference = 0, norm = 0;
  for (size_t i = 0; i < actual.size(); ++i) {
    difference += std::pow(double(actual[i]) - double(expected[i]), 2);
    norm += std::pow(double(expected[i]), 2);
  }
  return std::sqrt(difference / norm);
}

// By hand, IMPASTO_CROP_SIDE is the side of the large picture and IMPASTO_CROP_NETWORK the file of another network; the device may
// then hold 4 GiB, and the picture is in the tiles that fit.
TEST_CASE("a large picture has the gradient of its crops") {
  IMPASTO_REQUIRE_GPU();
  const char* asked_side = std::getenv("IMPASTO_CROP_SIDE");
  const char* asked_network = std::getenv("IMPASTO_CROP_NETWORK");
  const int side = asked_side != nullptr ? std::stoi(asked_side) : 592, crop = 2 * kReach + kInside;
  const JobFolder folder(kLayers);
  const network::Network stored(asked_network != nullptr ? std::filesystem::path(asked_network)
                                                         : folder.file("vgg19.safetensors"));
  vulkan::DeviceOptions options = device_options();
  if (asked_side != nullptr) {
    options.validation = false;  // which would take longer than the rest
    options.memory_budget = uint64_t{4} << 30;
  }
  const Recipe recipe = recipe_of_sums();
  session::Engine engine(options, stored, session::depth_of(stored, recipe));
  kernels::Library& library = engine.library();
  const Evaluation evaluation{library, engine.weights(), recipe};

  plan::Tiling tiling{128, 256};
  if (asked_side != nullptr) {
    const session::StagePlan plan =
        session::fit_stage(engine.device(), engine.weights(), recipe, {{side, side}, {}}, kAutomaticTile,
                           {options.memory_budget}, session::Purpose::evaluation);
    tiling = plan.layout.tiling;
    WARN(fmt::format("tiles of {}, deep ones of {}; {} bytes planned", tiling.side, tiling.deep_side,
                     plan.device_bytes));
  }
  const Image style = small_picture(131, 90, 2), content = small_picture(side, side, 1),
              image = small_picture(side, side, 3);
  const plan::Grams target = plan::style_grams(library, engine.weights(), recipe, style),
                    gram = plan::style_grams(library, engine.weights(), recipe, image, tiling.side);
  const std::vector<float> large = evaluation.gradient(image, content, target, tiling);
  if (asked_side != nullptr) WARN(fmt::format("{} bytes held at most", engine.device().peak_bytes()));
  if (asked_side != nullptr) CHECK(engine.device().peak_bytes() <= options.memory_budget);

  // Across the corners of tiles, and as far down as there is room for a crop.
  for (const int at : {128 - kReach + 48, (side - crop) / 16 * 16}) {
    const Image piece = cut_out(image, at, at - 16, crop);
    const plan::Grams own = plan::style_grams(library, engine.weights(), recipe, piece);
    const std::vector<float> small =
        evaluation.gradient(piece, cut_out(content, at, at - 16, crop), same_factors(own, gram, target), {});
    const double distance = relative_distance(inside(large, side, at + kReach, at - 16 + kReach),
                                              inside(small, crop, kReach, kReach));
    INFO("the crop at " << at);
    if (asked_side != nullptr) WARN(fmt::format("{:.2e} from the crop at {}", distance, at));
    CHECK(distance <= 1e-5);
  }
  require_no_messages();
}

}  // namespace
}  // namespace impasto::test
