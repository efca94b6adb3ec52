// The program from its command line to its files, on a device: runs, refusals, and what is left behind.
#include "catch.h"
#include "command_line.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "support/random.h"
#include "support/weights.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

using namespace impasto;
namespace fs = std::filesystem;

namespace {

Image random_picture(int width, int height, uint64_t seed) {
  test::Random random(seed);
  Image image{width, height, std::vector<float>(size_t(width) * size_t(height) * 3), {}};
  for (float& value : image.rgb) value = static_cast<float>(random.uniform(0, 1));
  return image;
}

// A folder with a narrow network and two pictures, and the program run in it.
struct Workplace {
  test::TemporaryFolder folder;
  std::set<std::string> inputs;

  Workplace() {
    const auto tensors = test::random_vgg(network::kVgg16, {4, 6, 8, 8, 8}, 1);
    test::write_bytes(at("net.safetensors"), test::safetensors_bytes(tensors));
    save_image(at("content.png"), random_picture(40, 30, 2));
    save_image(at("style.png"), random_picture(33, 35, 3));
    inputs = files();
  }

  std::string at(const std::string& name) const { return (folder.path() / name).string(); }

  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder.path()))
      names.insert(entry.path().filename().string());
    return names;
  }

  int stylize(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"-q",     "--content", at("content.png"), "-s", at("style.png"),
                                       "--size", "40"};
    if (std::find(more.begin(), more.end(), "-m") == more.end())
      arguments.insert(arguments.end(), {"-m", at("net.safetensors")});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return cli::run(arguments);
  }
};

std::string bytes_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("A run leaves its picture, and snapshots do not change it") {
  const Workplace place;
  for (const std::string recipe : {"gatys", "tensorflow"}) {
    INFO(recipe);
    REQUIRE(place.stylize({"-r", recipe, "--iterations", "9", "-o", place.at(recipe + ".png")}) == 0);
    REQUIRE(place.stylize({"-r", recipe, "--iterations", "9", "-o", place.at(recipe + "_s.png"),
                           "--save-every", "4"}) == 0);
    const Image plain = load_image(place.at(recipe + ".png"));
    CHECK((plain.width == 40 && plain.height == 30));
    CHECK(plain.rgb == load_image(place.at(recipe + "_s.png")).rgb);
    CHECK(plain.rgb != load_image(place.at("content.png")).rgb);
    CHECK(fs::exists(place.at(recipe + "_s_4.png")));
    CHECK(fs::exists(place.at(recipe + "_s_8.png")));
    CHECK_FALSE(fs::exists(place.at(recipe + "_s_9.png")));
  }
}

TEST_CASE("Noise depends on the seed alone") {
  const Workplace place;
  const auto noise = [&](const std::string& name, const std::string& seed) {
    REQUIRE(place.stylize({"--init", "noise", "--seed", seed, "--iterations", "2", "-o", place.at(name)}) ==
            0);
    return load_image(place.at(name)).rgb;
  };
  const std::vector<float> first = noise("a.png", "1");
  CHECK(noise("b.png", "1") == first);
  CHECK(noise("c.png", "2") != first);
}

TEST_CASE("An output that exists is kept unless it may be overwritten") {
  const Workplace place;
  test::write_bytes(place.at("result.png"), "mine");
  CHECK(place.stylize({"--iterations", "1", "-o", place.at("result.png")}) == 3);
  CHECK(bytes_of(place.at("result.png")) == "mine");
  CHECK(place.stylize({"--iterations", "1", "-o", place.at("result.png"), "--overwrite"}) == 0);
  CHECK(load_image(place.at("result.png")).width == 40);
}

TEST_CASE("Bad input ends with its exit code and leaves nothing behind") {
  const Workplace place;
  const std::string result = place.at("result.png");
  const auto refused = [&](const std::vector<std::string>& arguments, int code) {
    INFO(arguments.front() << " " << arguments[1]);
    std::vector<std::string> all = arguments;
    all.insert(all.end(), {"-o", result, "--iterations", "1"});
    CHECK(place.stylize(all) == code);
    CHECK(place.files() == place.inputs);
  };
  refused({"-g", "99"}, 4);
  refused({"-g", "no such device"}, 4);
  refused({"-r", "gatis"}, 2);
  refused({"--style-layers", "relu9_9"}, 2);
  refused({"--style-layers", "relu3_4"}, 2);  // VGG-16 has none
  refused({"-m", place.at("none.safetensors")}, 3);
  refused({"-m", place.at("content.png")}, 3);
  refused({"-s", place.at("none.png")}, 3);
  refused({"-s", place.at("net.safetensors")}, 3);
  refused({"--init", place.at("none.png")}, 3);
  refused({"--style-size", "8"}, 3);  // too small for the deepest layer
}

TEST_CASE("A weight file that is cut short or lies ends with 3") {
  const Workplace place;
  const std::string weights = bytes_of(place.at("net.safetensors"));
  std::string lying = weights;
  lying[0] = static_cast<char>(lying[0] + 1);
  const std::string file = place.at("bad.safetensors");
  for (const std::string& bytes :
       {weights.substr(0, weights.size() / 2), weights.substr(0, 4), lying, weights + "x"}) {
    test::write_bytes(file, bytes);
    CHECK(place.stylize({"-m", file, "-o", place.at("result.png"), "--iterations", "1"}) == 3);
    CHECK_FALSE(fs::exists(place.at("result.png")));
  }
}

TEST_CASE("Evaluate writes the gradient it reports") {
  const Workplace place;
  const std::string gradient = place.at("gradient.npy");
  const std::vector<std::string> arguments{"evaluate",
                                           "-c",
                                           place.at("content.png"),
                                           "-s",
                                           place.at("style.png"),
                                           "--image",
                                           place.at("content.png"),
                                           "-m",
                                           place.at("net.safetensors"),
                                           "--json",
                                           "--gradient",
                                           gradient};
  REQUIRE(cli::run(arguments) == 0);
  CHECK(bytes_of(gradient).size() == 128 + 40 * 30 * 3 * 4);
  CHECK(cli::run(arguments) == 3);  // it exists now
}

TEST_CASE("Bench writes its report") {
  const Workplace place;
  const std::string report = place.at("bench.json");
  REQUIRE(cli::run({"bench", "--size", "16", "--size", "24", "--iterations", "1", "-m",
                    place.at("net.safetensors"), "--json", report}) == 0);
  const nlohmann::json json = nlohmann::json::parse(bytes_of(report));
  REQUIRE(json.at("rows").size() == 2);
  const nlohmann::json& row = json.at("rows").at(1);
  CHECK(row.at("size") == 24);
  CHECK(row.at("iteration_ms") > 0);
  CHECK(row.at("processor_ms") > 0);
  CHECK(row.at("gflops") > 0);
  CHECK(json.at("peak_gflops") > 0);
  CHECK((row.at("peak_fraction") > 0 && row.at("peak_fraction") < 4));  // 4: what Winograd saves
  CHECK(row.at("device_bytes") > 0);
  CHECK_FALSE(row.at("kernels").empty());

  const std::string with_adam = place.at("adam.json");
  REQUIRE(cli::run({"bench", "--size", "24", "--iterations", "1", "-m", place.at("net.safetensors"),
                    "--optimizer", "adam", "--json", with_adam}) == 0);
  const nlohmann::json adam = nlohmann::json::parse(bytes_of(with_adam)).at("rows").at(0);
  CHECK(adam.at("memory").at("optimizer") < row.at("memory").at("optimizer"));  // no history
}
