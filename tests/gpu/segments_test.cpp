// How an iteration is cut into submissions, from its plan alone: nothing runs.
#include "catch.h"
#include "optimizer/optimizer.h"
#include "plan/objective.h"
#include "session/engine.h"
#include "support/gpu.h"
#include "support/skip.h"
#include "support/weights.h"

#include <algorithm>
#include <array>
#include <memory>

namespace impasto::test {
namespace {

constexpr int kSide = 1024;
constexpr double kFlopsPerSecond = 2e10;  // of a slow software device

// VGG-19 as wide as it is, as far as the recipe looks, of zeros: their values do not matter here.
std::string blank_vgg19(size_t layers) {
  std::vector<TestTensor> tensors;
  const std::array<uint64_t, 5> widths{64, 128, 256, 512, 512};
  uint64_t inputs = 3;
  for (const network::LayerId& layer : network::layers(network::kVgg19)) {
    if (tensors.size() == 2 * layers) break;
    const uint64_t outputs = widths[size_t(layer.block) - 1];
    const std::string name = layer.convolution_name();
    tensors.push_back(
        {name + ".weight", "F32", {outputs, inputs, 3, 3}, std::string(outputs * inputs * 36, '\0')});
    tensors.push_back({name + ".bias", "F32", {outputs}, std::string(outputs * 4, '\0')});
    inputs = outputs;
  }
  return safetensors_bytes(tensors);
}

std::vector<double> costs(const vulkan::Recording& recording) {
  std::vector<double> result;
  for (size_t i = 0; i < recording.segments(); ++i) result.push_back(recording.segment_flops(i));
  return result;
}

long above(const std::vector<double>& values, double limit) {
  return std::count_if(values.begin(), values.end(), [&](double value) { return value > limit; });
}

TEST_CASE("no submission of a large picture's iteration is long") {
  IMPASTO_REQUIRE_GPU();
  Recipe recipe = find_recipe("gatys");
  recipe.optimizer.history = 4;  // the steps of a longer one are as short, only more
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "vgg19.safetensors";
  write_bytes(file, blank_vgg19(13));
  const network::Network stored(file);
  const plan::DeviceNetwork network(device(), stored, session::depth_of(stored, recipe));
  plan::Objective objective(library().caps(), network, recipe, kSide, kSide);
  objective.allocate(device());
  const std::unique_ptr<Optimizer> optimizer =
      make_optimizer(library(), recipe.optimizer, objective.elements());
  const auto record = [&](double segment_flops) {
    vulkan::Recorder recorder(device(), {.segment_flops = segment_flops});
    kernels::Context context{library(), recorder};
    objective.record(context);
    optimizer->record(context, objective.image(), objective.gradient(), objective.losses());
    return recorder.finish();
  };

  const double limit = plan::segment_flops(device());
  const std::vector<double> dispatches = costs(record(0)), segments = costs(record(limit));
  const double longest = *std::max_element(dispatches.begin(), dispatches.end());
  INFO(dispatches.size() << " dispatches, the longest of " << longest / 1e9 << " GFLOP, in "
                         << segments.size() << " segments");
  CHECK(dispatches.size() > 100);
  CHECK(longest <= (device().caps().software() ? kFlopsPerSecond / 2 : limit));
  // A segment is longer than the limit only when it is a single dispatch that is.
  CHECK(above(segments, limit) == above(dispatches, limit));
  CHECK(*std::max_element(segments.begin(), segments.end()) <= std::max(limit, longest));
  // And not cut finer than that asks for: two neighbours would not fit one.
  for (size_t i = 0; i + 1 < segments.size(); ++i) CHECK(segments[i] + segments[i + 1] > limit);
  require_no_messages();
}

}  // namespace
}  // namespace impasto::test
