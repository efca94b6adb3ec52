// Input conventions in metadata.
#include "network/convention.h"

#include "catch.h"
#include "impasto/error.h"

using namespace impasto;
using namespace impasto::network;
using test::contains;

TEST_CASE("A convention comes back from its metadata") {
  for (const Convention& convention :
       {caffe_convention(ChannelOrder::bgr), caffe_convention(ChannelOrder::rgb),
        torchvision_convention(ChannelOrder::rgb), torchvision_convention(ChannelOrder::bgr),
        Convention{ChannelOrder::rgb, 2, {0.1, -1, 3}, {1, 2, 3}}}) {
    INFO(convention_name(convention));
    CHECK(convention_of(convention_metadata(convention), "file") == convention);
  }
}

TEST_CASE("The numbers of metadata stand in the order of the channels") {
  const std::map<std::string, std::string> metadata =
      convention_metadata(caffe_convention(ChannelOrder::bgr));
  CHECK(metadata.at("convention") == "caffe-bgr-mean");
  CHECK(metadata.at("input_mean") == "103.939,116.779,123.68");
  CHECK(convention_metadata(torchvision_convention(ChannelOrder::rgb)).at("input_mean") ==
        "0.485,0.456,0.406");
}

TEST_CASE("Without metadata a network is taken for an Oxford one") {
  CHECK(convention_of({}, "file") == caffe_convention(ChannelOrder::bgr));
  CHECK(convention_of({{"input_order", "rgb"}}, "file") == caffe_convention(ChannelOrder::rgb));
  CHECK(convention_name(Convention{ChannelOrder::bgr, 256, {}, {}}) == "other");
}

TEST_CASE("Metadata that makes no sense is refused by its key") {
  const auto refused = [](const char* key, const char* value) {
    INFO(key << " = " << value);
    CHECK_THROWS_WITH(convention_of({{key, value}}, "file"), contains("file: ") && contains(key));
  };
  refused("input_order", "grb");
  for (const char* value : {"", "0", "-1", "nan", "inf", "255x", "1e9"}) refused("input_range", value);
  for (const char* value : {"", "1", "1,2", "1,2,3,4", "1,2,", "1,2,x", "1,2,nan", "1, 2, 3", "1,2,1e9"})
    refused("input_mean", value);
  for (const char* value : {"0,1,1", "1,1,-1", "1e-9,1,1"}) refused("input_std", value);
}

TEST_CASE("An Oxford network is fed what the recipe says") {
  const InputConvention recipe{ChannelOrder::bgr, 256, {1, 20, 300}, {1, 2, 0.5}};
  const NetworkInput input = network_input(recipe, caffe_convention(ChannelOrder::bgr));
  CHECK(input.order == ChannelOrder::bgr);
  for (size_t c = 0; c < 3; ++c) {
    CHECK(input.scale[c] == Approx(256 / recipe.deviation[c]).epsilon(1e-14));
    CHECK(input.mean[c] == Approx(recipe.mean[c] / recipe.deviation[c]).epsilon(1e-13));
  }
}

TEST_CASE("A normalised network is fed normalised pictures by recipes that do nothing odd") {
  const NetworkInput input = network_input({}, torchvision_convention(ChannelOrder::rgb));
  CHECK(input.order == ChannelOrder::rgb);
  const double means[] = {0.485, 0.456, 0.406}, deviations[] = {0.229, 0.224, 0.225};
  for (size_t c = 0; c < 3; ++c) {
    CHECK(input.scale[c] == Approx(1 / deviations[c]).epsilon(1e-14));
    CHECK(input.mean[c] == Approx(means[c] / deviations[c]).epsilon(1e-14));
  }
}

TEST_CASE("A recipe's oddities reach a normalised network") {
  // Twice the range is twice as bright a picture; a mean that is 25.5 lower is one that is 0.1 brighter.
  const InputConvention recipe{ChannelOrder::rgb, 510, {123.68 - 25.5, 116.779, 103.939}, {1, 1, 1}};
  const NetworkInput input = network_input(recipe, torchvision_convention(ChannelOrder::rgb));
  CHECK(input.order == ChannelOrder::bgr);
  CHECK(input.scale[0] == Approx(2 / 0.229).epsilon(1e-12));
  CHECK(input.mean[0] == Approx((0.485 - 0.1) / 0.229).epsilon(1e-12));
  CHECK(input.mean[1] == Approx(0.456 / 0.224).epsilon(1e-12));
}
