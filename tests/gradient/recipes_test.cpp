// The gradient of every recipe's whole objective on the device, against the double reference and its differences.
#include "catch.h"
#include "plan/objective.h"
#include "reference/objective.h"
#include "session/engine.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/objective.h"
#include "support/picture_file.h"
#include "support/random.h"
#include "support/skip.h"

#include <cmath>

namespace impasto::test {
namespace {

constexpr size_t kLayers = 14;  // of VGG-19, up to relu5_2
constexpr int kHeight = 34;     // odd after the first pooling
constexpr int kWidth = 22;

// One recipe with its pictures.
struct Case {
  Recipe recipe;
  Image content, style, picture;
};

struct Evaluated {
  std::vector<float> totals;
  reference::Array gradient;  // d total / d x
};

// One network, as the device loads it and in double precision.
struct Networks {
  explicit Networks(const JobFolder& folder)
      : stored(folder.file("vgg19.safetensors")), reference(folder.network()) {}
  network::Network stored;
  reference::Network reference;
};

// The network as far as the recipe looks.
plan::DeviceNetwork loaded(const network::Network& stored, const Recipe& recipe) {
  return plan::DeviceNetwork(device(), stored, session::depth_of(stored, recipe));
}

Evaluated evaluate_on(kernels::Library& library, const plan::DeviceNetwork& network, const Case& test) {
  plan::Objective objective(library.caps(), network, test.recipe, test.picture.height, test.picture.width);
  prepare(objective, library, network, test.recipe, test.content, test.style);
  plan::upload_image(objective.image(), test.picture, test.recipe);
  plan::run_once(library, [&](kernels::Context& context) { objective.record(context); });
  std::vector<float> gradient = download<float>(objective.gradient());
  for (float& value : gradient) value = static_cast<float>(value * test.recipe.optimizer.variable_range);
  require_no_messages();
  return {download<float>(objective.totals()),
          to_array({test.picture.width, test.picture.height, gradient, {}})};
}

// (f(x + hd) − f(x − hd)) / 2h of the reference, along d.
double slope(const Case& test, const reference::Network& network, const reference::Targets& targets,
             const reference::Array& direction) {
  const double step = 1e-6 / test.recipe.input.range;
  const auto value = [&](double factor) {
    reference::Array moved = to_array(test.picture);
    add_scaled(moved, direction, factor);
    return evaluate(test.recipe, network, targets, moved).total;
  };
  return (value(step) - value(-step)) / (2 * step);
}

double total_of(const Evaluated& evaluated) {
  double total = 0;
  for (size_t i = 0; i + 1 < evaluated.totals.size(); ++i) total += double(evaluated.totals[i]);
  return total;
}

void check(const Networks& networks, const Case& test) {
  INFO(test.recipe.name);
  const reference::Targets targets =
      make_targets(test.recipe, networks.reference, to_array(test.content), to_array(test.style));
  const reference::Losses expected =
      evaluate(test.recipe, networks.reference, targets, to_array(test.picture));
  const Evaluated actual = evaluate_on(library(), loaded(networks.stored, test.recipe), test);
  CHECK(total_of(actual) == Approx(expected.total).epsilon(1e-5));
  CHECK(relative_error(actual.gradient, expected.gradient) <= 1e-4);
  for (uint64_t seed = 0; seed < 8; ++seed) {
    const reference::Array direction = random_array(3, kHeight, kWidth, 100 + seed);
    const double numeric = slope(test, networks.reference, targets, direction);
    CHECK(dot(actual.gradient, direction) == Approx(numeric).epsilon(1e-3));
  }
}

Case make_case(const Recipe& recipe) {
  return {recipe, small_picture(kWidth, kHeight, 1), small_picture(29, 26, 2),
          small_picture(kWidth, kHeight, 3)};
}

TEST_CASE("the gradient of every recipe's objective agrees with the double reference and its slopes") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  const Networks networks(folder);
  for (const Recipe& recipe : recipes()) check(networks, make_case(recipe));
}

TEST_CASE("so do those with two terms on one layer, and with terms right before and after a pooling") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  const Networks networks(folder);
  for (const PoolingKind pooling : {PoolingKind::max, PoolingKind::average})
    for (const PoolingRounding rounding : {PoolingRounding::floor, PoolingRounding::ceil}) {
      Recipe recipe = find_recipe("gatys");
      recipe.name = std::string(pooling == PoolingKind::max ? "max" : "average") +
                    (rounding == PoolingRounding::floor ? " floor" : " ceil");
      recipe.pooling = pooling;
      recipe.rounding = rounding;
      recipe.padding = PaddingKind::replicate;
      recipe.input.deviation = {0.5, 2, 1.25};
      recipe.style_layers = {{"relu1_2", 2}, {"relu2_1", 1}, {"relu2_2", 0.5}, {"relu3_4", 1}};
      recipe.content_layers = {{"relu1_2", 0.1}, {"relu2_1", 0.2}, {"relu3_4", 1}};
      check(networks, make_case(recipe));
    }
}

TEST_CASE("weights that change take effect without another plan") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  const Networks networks(folder);
  const Case before = make_case(find_recipe("neural-style"));
  Case after = before;
  after.recipe.style_weight = 7;
  after.recipe.content_weight = 300;
  after.recipe.tv_weight = 0.5;
  after.recipe.style_layers[1].weight = 4;

  const plan::DeviceNetwork network = loaded(networks.stored, before.recipe);
  plan::Objective objective(library().caps(), network, before.recipe, kHeight, kWidth);
  prepare(objective, library(), network, before.recipe, before.content, before.style);
  plan::upload_image(objective.image(), before.picture, before.recipe);
  objective.set_weights(after.recipe);
  plan::run_once(library(), [&](kernels::Context& context) { objective.record(context); });
  const Evaluated expected = evaluate_on(library(), network, after);
  CHECK(download<float>(objective.totals()) == expected.totals);
}

// Bindings of so few bytes that the first layers' activations need two, and allocations that hold
// two activations at most.
TEST_CASE("activations larger than one binding and one allocation give the same gradient") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Recipe recipe = with_pooling(folder.job().recipe, GENERATE(PoolingKind::max, PoolingKind::average));
  recipe.tv = TvKind::power_block;
  recipe.tv_weight = 1;
  const Case test{recipe, small_picture(110, 140, 1), small_picture(90, 131, 2), small_picture(110, 140, 3)};
  const network::Network stored(folder.file("vgg19.safetensors"));
  const plan::DeviceNetwork network = loaded(stored, recipe);
  const Evaluated whole = evaluate_on(library(), network, test);

  vulkan::Caps caps = device().caps();
  caps.max_storage_range = 300 << 10;
  caps.max_allocation = 1000 << 10;
  kernels::Library limited(device(), caps);
  const Evaluated banded = evaluate_on(limited, network, test);
  CHECK(total_of(banded) == Approx(total_of(whole)).epsilon(1e-5));
  CHECK(relative_error(banded.gradient, whole.gradient) <= 1e-5);
}

TEST_CASE("an activation larger than the device allocates at once is refused with advice") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  const Job job = folder.job();
  const network::Network stored(folder.file("vgg19.safetensors"));
  const plan::DeviceNetwork network = loaded(stored, job.recipe);
  const Case test{job.recipe, small_picture(110, 140, 1), small_picture(90, 131, 2),
                  small_picture(110, 140, 3)};
  vulkan::Caps caps = device().caps();
  caps.max_allocation = 400 << 10;
  kernels::Library limited(device(), caps);
  const std::string message = refusal(ErrorKind::budget, [&] { evaluate_on(limited, network, test); });
  CHECK_THAT(message, contains("use a smaller --size"));
}

}  // namespace
}  // namespace impasto::test
