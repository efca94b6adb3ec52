// What `evaluate` says of the reference pictures, for every recipe, against losses and gradients of an independent implementation, and
// what the README says of both.
#include "session/evaluate.h"

#include "catch.h"
#include "impasto/error.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/readme.h"
#include "support/skip.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>

namespace impasto::test {
namespace {

struct Set {
  std::string prefix, network, losses, suffix;
};

Evaluation evaluate_set(const Set& set, const std::string& recipe, Precision precision = Precision::fp32) {
  const auto folder = shared_folder();
  Job job;
  job.content = folder / "reference" / (set.prefix + "content.png");
  job.styles = {{folder / "reference" / (set.prefix + "style.png"), 1}};
  job.recipe = find_recipe(recipe);
  job.model = (folder / set.network).string();
  job.precision = precision;
  Evaluation evaluation =
      session::evaluate(job, folder / "reference" / (set.prefix + "image.png"), device_options());
  require_no_messages();
  return evaluation;
}

// How far an evaluation is from the truth.
struct Distance {
  double loss = 0;      // |total − true| / true
  double gradient = 0;  // ‖g − true‖ / ‖true‖
  double pixel = 0;     // the 95th percentile of the error at a pixel, relative to the largest gradient
};

using Distances = std::map<std::string, Distance>;  // by recipe, the largest of all its sets

double percentile_error(const reference::Array& actual, const reference::Array& expected) {
  std::vector<double> errors;
  double largest = 0;
  for (size_t i = 0; i < actual.data.size(); i++) {
    errors.push_back(std::abs(actual.data[i] - expected.data[i]));
    largest = std::max(largest, std::abs(expected.data[i]));
  }
  const auto middle = errors.begin() + std::ptrdiff_t(errors.size() * 95 / 100);
  std::nth_element(errors.begin(), middle, errors.end());
  return *middle / largest;
}

Distance distance(const Evaluation& evaluation, double total, const reference::Array& gradient) {
  const reference::Array actual =
      to_array(Image{evaluation.width, evaluation.height, evaluation.gradient, {}});
  return {std::abs(evaluation.losses.total / total - 1), reference::relative_error(actual, gradient),
          percentile_error(actual, gradient)};
}

void check_distance(const std::string& recipe, const Set& set, const Distance& measured,
                    Distances& distances) {
  WARN(recipe << " on " << set.network << ": loss off by " << measured.loss << ", gradient by "
              << measured.gradient << ", 95th percentile " << measured.pixel);
  CHECK(measured.loss <= 1e-4);
  // Winograd's rounding may flip an activation on the kink of its ReLU, which moves one small patch of the gradient.
  CHECK((measured.gradient <= 1e-3 || (measured.gradient <= 5e-3 && measured.pixel <= 1e-4)));
  Distance& worst = distances[recipe];
  worst = {std::max(worst.loss, measured.loss), std::max(worst.gradient, measured.gradient),
           std::max(worst.pixel, measured.pixel)};
}

void check_set(const Set& set, Distances& distances) {
  const auto folder = shared_folder() / "reference";
  const auto recorded = nlohmann::json::parse(read_text(folder / set.losses));
  REQUIRE(recorded.size() == 7);
  for (const auto& [name, expected] : recorded.items()) {
    const Evaluation evaluation = evaluate_set(set, name);
    INFO(name);
    CHECK(evaluation.losses.content == Approx(double(expected["content"])).epsilon(1e-4));
    CHECK(evaluation.losses.style == Approx(double(expected["style"])).epsilon(1e-4));
    CHECK(evaluation.losses.tv == Approx(double(expected["tv"])).epsilon(1e-4));
    CHECK(evaluation.losses.gradient_l2 == Approx(double(expected["gradient_l2"])).epsilon(1e-3));
    const reference::Array gradient = read_npy(folder / (name + set.suffix + ".gradient.npy"));
    check_distance(name, set, distance(evaluation, expected["total"], gradient), distances);
  }
}

// Impasto's own recipe is in nobody's records; the tests' loops say what is true.
void check_own(const Set& set, Distances& distances) {
  const auto folder = shared_folder() / "reference";
  const Recipe recipe = find_recipe("impasto");
  const auto picture = [&](const char* name) { return load_picture(folder / (set.prefix + name)); };
  const reference::Network network = load_network(shared_folder() / set.network);
  const reference::Targets targets =
      make_targets(recipe, network, picture("content.png"), picture("style.png"));
  const reference::Losses expected = evaluate(recipe, network, targets, picture("image.png"));
  check_distance(recipe.name, set,
                 distance(evaluate_set(set, recipe.name), expected.total, expected.gradient), distances);
}

// For tools/write_closeness.py, which puts them into the README.
void write(const Distances& distances, const std::string& column, const char* file) {
  std::ofstream stream(file, std::ios::app);
  for (const auto& [recipe, measured] : distances)
    stream << nlohmann::json{{"recipe", recipe},
                             {"driver", column},
                             {"loss", measured.loss},
                             {"gradient", measured.gradient}}
           << '\n';
}

TEST_CASE(
    "in fp16 the gradient points where the recorded one does, and the losses are within 1 %, with VGG-19") {
  IMPASTO_REQUIRE_GPU();
  if (!compiles_halves()) return;
  IMPASTO_REQUIRE_SHARED();
  const auto folder = shared_folder() / "reference";
  const auto recorded = nlohmann::json::parse(read_text(folder / "losses.json"));
  for (const std::string name : {"coursera", "gatys", "neural-style"}) {  // gradients of three sizes
    const auto& expected = recorded.at(name);
    const Evaluation evaluation =
        evaluate_set({"", "weights/vgg19.safetensors", "", ""}, name, Precision::fp16);
    const reference::Array gradient = read_npy(folder / (name + ".gradient.npy"));
    const reference::Array actual =
        to_array(Image{evaluation.width, evaluation.height, evaluation.gradient, {}});
    const double cosine = dot(actual, gradient) / std::sqrt(dot(actual, actual) * dot(gradient, gradient));
    WARN(name << " in fp16: total " << evaluation.losses.total / double(expected["total"]) - 1
              << ", 1 − cosine " << 1 - cosine);
    CHECK(cosine >= 0.999);
    CHECK(evaluation.losses.total == Approx(double(expected["total"])).epsilon(1e-2));
    CHECK(evaluation.losses.gradient_l2 == Approx(double(expected["gradient_l2"])).epsilon(1e-2));
  }
}

TEST_CASE("evaluate meets the recorded losses and gradients, as closely as the README says") {
  IMPASTO_REQUIRE_GPU();
  IMPASTO_REQUIRE_SHARED();
  const Set vgg19{"", "weights/vgg19.safetensors", "losses.json", ""};
  const Set narrow{"odd_", "reference/narrow_vgg16.safetensors", "losses_odd_vgg16.json", ".odd_vgg16"};
  Distances distances;
  check_set(vgg19, distances);
  check_set(narrow, distances);
  check_own(narrow, distances);
  const std::string column = driver_column();
  if (column.empty()) return;
  if (const char* file = std::getenv("IMPASTO_TEST_CLOSENESS")) return write(distances, column, file);
  for (const auto& [name, measured] : distances) {
    INFO(name << " on " << column);
    const std::optional<Closeness> said = readme_closeness(name, column);
    REQUIRE(said);
    CHECK(measured.loss <= said->loss);
    // Which activations flip may differ from one CPU to another.
    CHECK(std::min(measured.gradient, measured.pixel) <= said->gradient);
  }
}

}  // namespace
}  // namespace impasto::test
