// VGG recognised in weight files, and what is not VGG refused.
#include "network/network.h"

#include "catch.h"
#include "impasto/error.h"
#include "support/skip.h"
#include "support/weights.h"

using namespace impasto;
using namespace impasto::network;
using test::contains;
using test::random_vgg;
using test::TestTensor;

namespace {

constexpr std::array<int, 5> kWidths{4, 5, 6, 7, 8};

Network network_of(const std::vector<TestTensor>& tensors) {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "weights.safetensors";
  test::write_bytes(file, test::safetensors_bytes(tensors));
  return Network(file);
}

TestTensor& tensor(std::vector<TestTensor>& tensors, const std::string& name) {
  for (TestTensor& candidate : tensors) {
    if (candidate.name == name) return candidate;
  }
  throw std::logic_error("no tensor " + name);
}

void remove_layer(std::vector<TestTensor>& tensors, const std::string& name) {
  std::erase_if(tensors,
                [&](const TestTensor& candidate) { return candidate.name.rfind(name + ".", 0) == 0; });
}

}  // namespace

TEST_CASE("A narrow VGG-19 is recognised and chained") {
  const Network network = network_of(random_vgg(kVgg19, kWidths, 1));
  CHECK(network.name() == "vgg19");
  REQUIRE(network.convolutions().size() == 16);
  const Convolution& first = network.convolutions()[0];
  CHECK((first.inputs == 3 && first.outputs == 4 && !first.pool_before));
  const Convolution& conv3_1 = network.convolutions()[network.find("relu3_1")];
  CHECK((conv3_1.name == "conv3_1" && conv3_1.inputs == 5 && conv3_1.outputs == 6 && conv3_1.pool_before));
  CHECK_FALSE(network.convolutions()[network.find("relu3_2")].pool_before);
  CHECK(network.weights(0).size() == 4 * 3 * 9);
  CHECK(network.bias(15).size() == 8);
  network.check_finite();
}

TEST_CASE("Weights come back as they were stored") {
  std::vector<TestTensor> tensors = random_vgg(kVgg16, {1, 1, 1, 1, 1}, 2, 1);
  tensor(tensors, "conv1_1.bias").data = std::string("\0\0\x80\x3f", 4);
  CHECK(network_of(tensors).bias(0) == std::vector<float>{1});
}

TEST_CASE("VGG-16, and networks that end early, are recognised") {
  CHECK(network_of(random_vgg(kVgg16, kWidths, 3)).name() == "vgg16");
  for (size_t count = 1; count <= 16; ++count) {
    const Network network = network_of(random_vgg(kVgg19, kWidths, 4, count));
    CHECK(network.convolutions().size() == count);
    CHECK(network.name() == (count >= 8 ? "vgg19" : "vgg16"));  // the same layers up to relu3_3
  }
}

TEST_CASE("Tensors that are no convolution are left alone") {
  std::vector<TestTensor> tensors = random_vgg(kVgg16, kWidths, 5);
  tensors.push_back({"fc6.weight", "F32", {2}, "12345678"});
  CHECK(network_of(tensors).convolutions().size() == 13);
}

TEST_CASE("A network with a gap is refused") {
  std::vector<TestTensor> tensors = random_vgg(kVgg19, kWidths, 6);
  remove_layer(tensors, "conv3_2");
  CHECK_THROWS_WITH(network_of(tensors), contains("has conv3_3.weight but no conv3_2.weight"));
  tensors = random_vgg(kVgg19, kWidths, 6);
  remove_layer(tensors, "conv3_4");  // conv4_4 still says that it is VGG-19
  CHECK_THROWS_WITH(network_of(tensors), contains("no conv3_4.weight"));
  tensors = random_vgg(kVgg19, kWidths, 6);
  remove_layer(tensors, "conv1_1");
  CHECK_THROWS_WITH(network_of(tensors), contains("no conv1_1.weight"));
}

TEST_CASE("What is not VGG is refused with what was found") {
  CHECK_THROWS_WITH(network_of({{"features.0.weight", "F32", {1}, "1234"}}), contains("features.0.weight"));
  CHECK_THROWS_WITH(network_of({}), contains("no tensor at all"));
}

TEST_CASE("Shapes that do not chain are refused") {
  const auto refused = [](const std::string& name, std::vector<uint64_t> shape, const char* words) {
    std::vector<TestTensor> tensors = random_vgg(kVgg16, {2, 2, 2, 2, 2}, 7, 3);
    TestTensor& changed = tensor(tensors, name);
    uint64_t count = 1;
    for (const uint64_t side : shape) count *= side;
    changed.shape = std::move(shape);
    changed.data.assign(count * 4, '\0');
    CHECK_THROWS_WITH(network_of(tensors), contains(words));
  };
  refused("conv1_1.weight", {2, 4, 3, 3}, "[outputs, 3, 3, 3]");
  refused("conv1_2.weight", {2, 3, 3, 3}, "[outputs, 2, 3, 3]");
  refused("conv1_2.weight", {2, 2, 5, 5}, "[2, 2, 5, 5]");
  refused("conv1_2.weight", {2, 2, 3}, "[2, 2, 3]");
  refused("conv1_2.weight", {0, 2, 3, 3}, "[0, 2, 3, 3]");
  refused("conv1_2.weight", {65537, 2, 3, 3}, "[65537, 2, 3, 3]");
  refused("conv1_2.weight", {3, 2, 3, 3}, "conv1_2.bias");
  refused("conv1_2.bias", {3}, "instead of [2]");
  refused("conv1_2.bias", {2, 1}, "instead of [2]");
  std::vector<TestTensor> tensors = random_vgg(kVgg16, kWidths, 7, 2);
  std::erase_if(tensors, [](const TestTensor& candidate) { return candidate.name == "conv1_2.bias"; });
  CHECK_THROWS_WITH(network_of(tensors), contains("no conv1_2.bias"));
}

TEST_CASE("A value that is not finite is found when the layer is read") {
  std::vector<TestTensor> tensors = random_vgg(kVgg16, kWidths, 8, 3);
  tensor(tensors, "conv1_2.weight").data.replace(4 * 5, 4, std::string("\0\0\xc0\x7f", 4));
  const Network network = network_of(tensors);
  CHECK(network.weights(0).size() == 108);
  CHECK_THROWS_WITH(network.weights(1), contains("conv1_2.weight, element 5"));
  CHECK_THROWS_AS(network.check_finite(), Error);
}

TEST_CASE("A layer that the network does not have is refused with the nearest") {
  const Network network = network_of(random_vgg(kVgg16, kWidths, 9));
  CHECK(network.find("relu5_2") == 11);
  CHECK_THROWS_WITH(network.find("relu3_4"), contains("\"relu3_4\"") && contains("nearest is \"relu3_3\""));
}

TEST_CASE("The real network is read") {
  IMPASTO_REQUIRE_SHARED();
  const Network network(test::shared_folder() / "weights/vgg19.safetensors");
  CHECK(network.name() == "vgg19");
  REQUIRE(network.convolutions().size() == 16);
  CHECK(network.convolutions()[15].outputs == 512);
  CHECK(network.metadata().at("input_order") == "bgr");
  network.check_finite();
  CHECK(Network(test::shared_folder() / "reference/narrow_vgg16.safetensors").name() == "vgg16");
}
