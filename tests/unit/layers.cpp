// Names of VGG's layers.
#include "network/layers.h"

#include "catch.h"
#include "impasto/error.h"

#include <fmt/format.h>

using namespace impasto;
using namespace impasto::network;
using test::contains;

TEST_CASE("VGG-16 and VGG-19 have their thirteen and sixteen convolutions in order") {
  CHECK(layers(kVgg16).size() == 13);
  CHECK(layers(kVgg19).size() == 16);
  CHECK(layers(kVgg16)[6].convolution_name() == "conv3_3");
  CHECK(layers(kVgg16)[7].convolution_name() == "conv4_1");
  CHECK(layers(kVgg19)[7].convolution_name() == "conv3_4");
  CHECK(layers(kVgg19).back().activation_name() == "relu5_4");
}

TEST_CASE("Every spelling of a layer names the same one") {
  for (const LayerId& layer : layers(kVgg19)) {
    const auto named = [&](const char* pattern) {
      return fmt::format(fmt::runtime(pattern), layer.block, layer.convolution);
    };
    for (const char* pattern : {"relu{}_{}", "conv{}_{}", "block{}_conv{}", "r{}{}", "ReLU{}_{}"})
      CHECK(canonical_layer(named(pattern)) == named("relu{}_{}"));
  }
}

TEST_CASE("What is no layer is refused") {
  for (const char* name :
       {"", "relu", "relu4", "relu4_", "relu4_22", "relu0_1", "relu6_1", "relu1_3", "relu4_5", "r4_2", "r422",
        "relu4_2 ", " relu4_2", "block4_conv", "pool4", "relu-4_2", "relu4_2:1"})
    CHECK_FALSE(parse_layer(name));
  CHECK_FALSE(parse_layer(std::string(1000, 'r')));
  CHECK_FALSE(parse_layer(std::string("relu4_2\0", 8)));
}

TEST_CASE("The refusal names the nearest layer in the spelling that was tried") {
  CHECK_THROWS_WITH(canonical_layer("relu4_22"),
                    contains("\"relu4_22\"") && contains("nearest is \"relu4_2\""));
  CHECK_THROWS_WITH(canonical_layer("block4_cnv2"), contains("nearest is \"block4_conv2\""));
  CHECK_THROWS_AS(canonical_layer("pool5"), Error);
}
