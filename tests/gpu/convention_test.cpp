// One network, trained as it were on pictures of three conventions: the objective must not notice.
#include "catch.h"
#include "network/network.h"
#include "network/safetensors_writer.h"
#include "session/evaluate.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/job.h"

#include <cmath>

namespace impasto::test {
namespace {

constexpr size_t kLayers = 5;

// The network of a folder for pictures of another convention: conv1_1's kernels permuted and scaled so that it computes the same, its
// border of zeros included, which is why the mean must be the Oxford one.
std::filesystem::path converted(const JobFolder& folder, const std::string& name,
                                const network::Convention& to) {
  const network::Network from(folder.file("vgg19.safetensors"));
  REQUIRE(from.convention() == network::caffe_convention(ChannelOrder::bgr));
  std::vector<network::TensorToWrite> tensors;
  for (size_t i = 0; i < from.convolutions().size(); ++i) {
    const network::Convolution& layer = from.convolutions()[i];
    std::vector<float> weights = from.weights(i);
    if (i == 0) {
      const std::vector<float> bgr = weights;
      for (size_t k = 0; k < weights.size(); ++k) {
        const size_t plane = k / 9 % 3;
        const size_t colour = to.order == ChannelOrder::rgb ? plane : 2 - plane;
        const size_t source = k - plane * 9 + (2 - colour) * 9;
        weights[k] = static_cast<float>(bgr[source] * 255 * to.deviation[colour] / to.range);
      }
    }
    const auto outputs = static_cast<uint64_t>(layer.outputs), inputs = static_cast<uint64_t>(layer.inputs);
    tensors.push_back({layer.name + ".weight", {outputs, inputs, 3, 3}, weights});
    tensors.push_back({layer.name + ".bias", {outputs}, from.bias(i)});
  }
  write_safetensors(folder.file(name), tensors, network::convention_metadata(to), false);
  return folder.file(name);
}

network::Convention normalised(ChannelOrder order) {
  network::Convention convention = network::torchvision_convention(order);
  convention.mean = {123.68 / 255, 116.779 / 255, 103.939 / 255};
  return convention;
}

Evaluation evaluate_with(const JobFolder& folder, const std::filesystem::path& model, const Recipe& recipe) {
  Job job = folder.job();
  const Recipe layers = job.recipe;
  job.recipe = recipe;
  job.recipe.content_layers = layers.content_layers;
  job.recipe.style_layers = layers.style_layers;
  job.model = model.string();
  return session::evaluate(job, folder.file("image.png"), device_options());
}

void check_same(const Evaluation& a, const Evaluation& b) {
  CHECK(a.losses.content == Approx(b.losses.content).epsilon(1e-4));
  CHECK(a.losses.style == Approx(b.losses.style).epsilon(1e-4));
  double error = 0, norm = 0;
  REQUIRE(a.gradient.size() == b.gradient.size());
  for (size_t i = 0; i < a.gradient.size(); ++i) {
    error += std::pow(double(a.gradient[i]) - double(b.gradient[i]), 2);
    norm += std::pow(double(b.gradient[i]), 2);
  }
  CHECK(norm > 0);
  CHECK(std::sqrt(error / norm) <= 1e-3);
}

}  // namespace

TEST_CASE("Networks of every convention run with every recipe") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("image.png", small_picture(40, 32, 3));
  const auto rgb = converted(folder, "rgb.safetensors", network::caffe_convention(ChannelOrder::rgb));
  const auto unit = converted(folder, "unit.safetensors", normalised(ChannelOrder::rgb));
  const auto swapped = converted(folder, "swapped.safetensors", normalised(ChannelOrder::bgr));
  for (const char* name : {"gatys", "neural-style", "tensorflow"}) {
    const Recipe& recipe = find_recipe(name);
    const Evaluation expected = evaluate_with(folder, folder.file("vgg19.safetensors"), recipe);
    for (const auto& model : {rgb, unit, swapped}) {
      INFO(name << " with " << model.filename());
      check_same(evaluate_with(folder, model, recipe), expected);
    }
  }
}

TEST_CASE("A network fed by the wrong convention is noticed") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(kLayers);
  folder.write("image.png", small_picture(40, 32, 3));
  const Recipe& recipe = find_recipe("gatys");
  const Evaluation expected = evaluate_with(folder, folder.file("vgg19.safetensors"), recipe);
  Recipe swaps = recipe;
  swaps.input.order = ChannelOrder::rgb;
  const Evaluation wrong = evaluate_with(folder, folder.file("vgg19.safetensors"), swaps);
  CHECK(std::abs(wrong.losses.style / expected.losses.style - 1) > 0.01);
  const auto rgb = converted(folder, "rgb.safetensors", network::caffe_convention(ChannelOrder::rgb));
  check_same(evaluate_with(folder, rgb, swaps), wrong);
}

}  // namespace impasto::test
