// Weight files of every format, written by other programs, come out as the same tensors.
#include "catch.h"
#include "impasto/error.h"
#include "impasto/weights.h"
#include "network/network.h"
#include "support/files.h"
#include "support/fixtures.h"
#include "support/skip.h"
#include "support/weights.h"

#include <cmath>

using namespace impasto;
using test::contains;

namespace {

using Tensors = std::map<std::string, std::vector<float>>;

ImportOptions caffe() {
  ImportOptions options;
  options.preprocessing = WeightsPreprocessing::caffe;
  return options;
}

Tensors tensors_of(const std::filesystem::path& file) {
  const network::SafetensorsFile contents(file);
  Tensors tensors;
  for (const auto& [name, tensor] : contents.contents().tensors) tensors[name] = tensor.floats();
  return tensors;
}

Tensors imported(const std::string& fixture, const ImportOptions& options = caffe()) {
  const test::TemporaryFolder folder;
  const std::filesystem::path output = folder.path() / "out.safetensors";
  import_weights(test::weight_fixtures() / fixture, output, options);
  return tensors_of(output);
}

Tensors expected() {
  return tensors_of(test::weight_fixtures() / "expected.safetensors");
}

std::string convention_of(const std::string& fixture, const ImportOptions& options = {}) {
  const test::TemporaryFolder folder;
  return import_weights(test::weight_fixtures() / fixture, folder.path() / "out.safetensors", options)
      .convention;
}

}  // namespace

TEST_CASE("Every format imports to the same tensors, bit for bit") {
  IMPASTO_REQUIRE_FIXTURES();
  REQUIRE(expected().size() == 10);
  for (const std::string& fixture : test::exact_fixtures()) {
    INFO(fixture);
    CHECK(imported(fixture) == expected());
  }
}

TEST_CASE("Quantised weights come within half a step") {
  IMPASTO_REQUIRE_FIXTURES();
  const double range = 2 * 127.0 / 64;
  for (const std::string& fixture : test::quantised_fixtures()) {
    INFO(fixture);
    const double step = range / (fixture.find("uint8") != std::string::npos ? 255 : 65535);
    const Tensors got = imported(fixture), wanted = expected();
    REQUIRE(got.size() == wanted.size());
    double worst = 0;
    for (const auto& [name, values] : wanted) {
      REQUIRE(got.at(name).size() == values.size());
      for (size_t i = 0; i < values.size(); ++i)
        worst = std::max(worst, std::abs(double(got.at(name)[i]) - double(values[i])));
    }
    CHECK(worst <= step / 2 * 1.001);
    CHECK(worst > 0);
  }
}

TEST_CASE("An import is a network, and says what it is") {
  IMPASTO_REQUIRE_FIXTURES();
  const test::TemporaryFolder folder;
  const std::filesystem::path output = folder.path() / "out.safetensors";
  const WeightsReport report = import_weights(test::weight_fixtures() / "keras_top.h5", output);
  CHECK(report.file == output);
  CHECK(report.network == "vgg16");  // the same layers up to conv3_3
  CHECK(report.convolutions ==
        std::vector<std::string>{"conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1"});
  CHECK(report.parameters == 951);
  CHECK_THAT(report.source, contains("keras_top.h5"));
  const network::Network network(output);
  CHECK(network.convention() == network::caffe_convention(ChannelOrder::bgr));
  CHECK(network.convolutions().back().outputs == 6);
  CHECK(verify_weights(output).convention == "caffe-bgr-mean");
}

TEST_CASE("The convention follows from the kind of file, or is asked for by flag") {
  IMPASTO_REQUIRE_FIXTURES();
  CHECK(convention_of("keras_notop.h5") == "caffe-bgr-mean");
  CHECK(convention_of("caffe_v1.caffemodel") == "caffe-bgr-mean");
  CHECK(convention_of("matconvnet.mat") == "caffe-rgb-mean");
  CHECK(convention_of("torch_names.pth") == "caffe-bgr-mean");
  CHECK(convention_of("tensorflow_js_uint8/model.json") == "caffe-bgr-mean");
  for (const char* fixture : {"torch_zip.pth", "torch_legacy.pth", "numpy.npz", "expected.safetensors"}) {
    INFO(fixture);
    CHECK_THROWS_WITH(convention_of(fixture), contains(fixture) && contains("--preprocessing"));
    try {
      convention_of(fixture);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::usage);
    }
  }
}

TEST_CASE("Flags decide the convention") {
  IMPASTO_REQUIRE_FIXTURES();
  ImportOptions options;
  options.preprocessing = WeightsPreprocessing::torchvision;
  CHECK(convention_of("torch_zip.pth", options) == "torchvision-rgb-normalised");
  options.order = ChannelOrder::bgr;
  CHECK(convention_of("torch_zip.pth", options) == "torchvision-bgr-normalised");
  options = {};
  options.order = ChannelOrder::rgb;
  CHECK(convention_of("keras_notop.h5", options) == "caffe-rgb-mean");
}

TEST_CASE("The layout that a flag names is used, and refused where it cannot be") {
  IMPASTO_REQUIRE_FIXTURES();
  ImportOptions options = caffe();
  options.layout = WeightsLayout::hwio;
  CHECK(imported("numpy.npz", options) == expected());
  options.layout = WeightsLayout::oihw;
  CHECK_THROWS_WITH(imported("numpy.npz", options), contains("kernel of 3"));
}

TEST_CASE("A dataset in chunks and an unknown kind of file are refused by name") {
  IMPASTO_REQUIRE_FIXTURES();
  CHECK_THROWS_WITH(imported("keras_chunked.h5"), contains("block1_conv1/kernel:0") && contains("chunks"));
  CHECK_THROWS_WITH(imported("../make_weight_fixtures.py"), contains("is of no kind that is known here"));
  CHECK_THROWS_WITH(imported("none.pth"), contains("no such file"));
}

TEST_CASE("An output that exists is kept") {
  IMPASTO_REQUIRE_FIXTURES();
  const test::TemporaryFolder folder;
  const std::filesystem::path output = folder.path() / "out.safetensors";
  test::write_bytes(output, "mine");
  ImportOptions options;
  CHECK_THROWS_WITH(import_weights(test::weight_fixtures() / "keras_notop.h5", output, options),
                    contains("--overwrite"));
  CHECK(test::read_text(output) == "mine");
  options.overwrite = true;
  import_weights(test::weight_fixtures() / "keras_notop.h5", output, options);
  CHECK(tensors_of(output) == expected());
}

TEST_CASE("A value that is not finite stops the import") {
  const test::TemporaryFolder folder;
  std::vector<test::TestTensor> tensors = test::random_vgg(network::kVgg16, {1, 1, 1, 1, 1}, 1, 1);
  tensors[0].data.replace(8, 4, std::string("\0\0\x80\x7f", 4));
  test::write_bytes(folder.path() / "in.safetensors", test::safetensors_bytes(tensors));
  CHECK_THROWS_WITH(
      import_weights(folder.path() / "in.safetensors", folder.path() / "out.safetensors", caffe()),
      contains("conv1_1.weight, element 2"));
  CHECK(!std::filesystem::exists(folder.path() / "out.safetensors"));
  CHECK_THROWS_WITH(verify_weights(folder.path() / "in.safetensors"), contains("conv1_1.weight, element 2"));
}

TEST_CASE("The public weights are recognised as what they are") {
  IMPASTO_REQUIRE_SHARED();
  const WeightsReport report = verify_weights(test::shared_folder() / "weights/vgg19.safetensors");
  CHECK(report.network == "vgg19");
  CHECK(report.convention == "caffe-bgr-mean");
  CHECK(report.convolutions.size() == 16);
  CHECK(report.parameters == 20'024'384);
}
