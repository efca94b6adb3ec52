// The names of VGG's parameters in the spellings of the known programs.
#include "catch.h"
#include "network/import/names.h"

using namespace impasto::network;

namespace {

std::string read(std::string_view name) {
  const std::optional<ParameterName> parsed = parse_parameter(name);
  if (!parsed) return "-";
  const std::string owner =
      parsed->layer ? parsed->layer->convolution_name() : std::to_string(parsed->position.value_or(-1));
  return owner + (parsed->is_bias ? " bias" : " weight");
}

}  // namespace

TEST_CASE("Every spelling of a parameter is understood") {
  CHECK(read("conv1_1.weight") == "conv1_1 weight");
  CHECK(read("conv5_4.bias") == "conv5_4 bias");
  CHECK(read("conv1_1_W") == "conv1_1 weight");
  CHECK(read("conv3_2_b") == "conv3_2 bias");
  CHECK(read("block1_conv1/block1_conv1_W_1:0") == "conv1_1 weight");
  CHECK(read("block4_conv4/block4_conv4_b_1:0") == "conv4_4 bias");
  CHECK(read("model_weights/block2_conv1/block2_conv1/kernel:0") == "conv2_1 weight");
  CHECK(read("block5_conv3/bias") == "conv5_3 bias");
  CHECK(read("vgg_19/conv1/conv1_2/weights") == "conv1_2 weight");
  CHECK(read("features.0.weight") == "0 weight");
  CHECK(read("module.features.34.bias") == "34 bias");
  CHECK(read("28.bias") == "28 bias");
}

TEST_CASE("Other names are not") {
  for (const char* name :
       {"", "weight", ".weight", "classifier.0.weight", "fc6_W", "fc1/fc1_W_1:0", "predictions/kernel:0",
        "conv1_1", "conv6_1.weight", "block1_pool", "features.x.weight", "features.-1.weight",
        "conv1_1.running_mean", "features.99999999999999999999.weight"}) {
    INFO(name);
    CHECK(read(name) == "-");
  }
}

TEST_CASE("Positions tell VGG-16 from VGG-19") {
  CHECK(layer_at(kVgg19, 0) == LayerId{1, 1});
  CHECK(layer_at(kVgg19, 34) == LayerId{5, 4});
  CHECK(layer_at(kVgg16, 28) == LayerId{5, 3});
  CHECK(layer_at(kVgg16, 4) == std::nullopt);
  CHECK(layer_at(kVgg16, 30) == std::nullopt);
  CHECK(topology_of({0, 2, 5})->name == "vgg16");
  CHECK(topology_of({0, 34})->name == "vgg19");
  CHECK(topology_of({0, 24})->name == "vgg16");
  CHECK(topology_of({0, 16, 24}) == nullptr);
  CHECK(topology_of({0, 1}) == nullptr);
}
