// What `evaluate` says of the reference pictures, for every recipe, against losses and gradients of an independent implementation.
#include "session/evaluate.h"

#include "catch.h"
#include "impasto/error.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/skip.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

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

// The 95th percentile of the error at a pixel, relative to the largest gradient.
double percentile_error(const std::vector<float>& actual, const reference::Array& expected) {
  const Image image{expected.width, expected.height, actual, {}};
  const reference::Array planes = to_array(image);
  std::vector<double> errors;
  double largest = 0;
  for (size_t i = 0; i < planes.data.size(); i++) {
    errors.push_back(std::abs(planes.data[i] - expected.data[i]));
    largest = std::max(largest, std::abs(expected.data[i]));
  }
  const auto middle = errors.begin() + std::ptrdiff_t(errors.size() * 95 / 100);
  std::nth_element(errors.begin(), middle, errors.end());
  return *middle / largest;
}

void check_set(const Set& set) {
  const auto folder = shared_folder() / "reference";
  const auto recorded = nlohmann::json::parse(read_text(folder / set.losses));
  REQUIRE(recorded.size() == 7);
  for (const auto& [name, expected] : recorded.items()) {
    const Evaluation evaluation = evaluate_set(set, name);
    INFO(name);
    CHECK(evaluation.losses.content == Approx(double(expected["content"])).epsilon(1e-4));
    CHECK(evaluation.losses.style == Approx(double(expected["style"])).epsilon(1e-4));
    CHECK(evaluation.losses.tv == Approx(double(expected["tv"])).epsilon(1e-4));
    CHECK(evaluation.losses.total == Approx(double(expected["total"])).epsilon(1e-4));
    const reference::Array gradient = read_npy(folder / (name + set.suffix + ".gradient.npy"));
    const reference::Array actual =
        to_array(Image{evaluation.width, evaluation.height, evaluation.gradient, {}});
    const double error = reference::relative_error(actual, gradient);
    const double percentile = percentile_error(evaluation.gradient, gradient);
    WARN(name << " on " << set.network << ": style "
              << evaluation.losses.style / double(expected["style"]) - 1 << ", total "
              << evaluation.losses.total / double(expected["total"]) - 1 << ", gradient " << error
              << ", 95th percentile " << percentile);
    // Winograd's rounding may flip an activation on the kink of its ReLU, which moves one small patch of the gradient.
    CHECK((error <= 1e-3 || (error <= 5e-3 && percentile <= 1e-4)));
    CHECK(evaluation.losses.gradient_l2 == Approx(double(expected["gradient_l2"])).epsilon(1e-3));
  }
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

TEST_CASE("evaluate meets the recorded losses and gradients with VGG-19") {
  IMPASTO_REQUIRE_GPU();
  IMPASTO_REQUIRE_SHARED();
  check_set({"", "weights/vgg19.safetensors", "losses.json", ""});
}

TEST_CASE("evaluate meets the recorded losses and gradients at odd sizes with a narrow VGG-16") {
  IMPASTO_REQUIRE_GPU();
  IMPASTO_REQUIRE_SHARED();
  check_set({"odd_", "reference/narrow_vgg16.safetensors", "losses_odd_vgg16.json", ".odd_vgg16"});
}

}  // namespace
}  // namespace impasto::test
