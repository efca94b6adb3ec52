// Which file a model's name stands for.
#include "network/installed.h"

#include "catch.h"
#include "impasto/error.h"
#include "impasto/job.h"
#include "impasto/weights.h"
#include "network/network.h"
#include "support/environment.h"
#include "support/files.h"
#include "support/weights.h"

#include <algorithm>

namespace impasto::test {
namespace {

namespace fs = std::filesystem;
using network::find_model;

// A machine with nothing installed but what a test puts there.
struct BareMachine {
  TemporaryFolder folder;
  EnvironmentVariable weights{"IMPASTO_WEIGHTS_DIR", (folder.path() / "weights").string()};
  EnvironmentVariable data{"XDG_DATA_HOME", (folder.path() / "data").string()};

  fs::path put(const fs::path& file) const {
    fs::create_directories((folder.path() / file).parent_path());
    write_bytes(folder.path() / file, "");
    return folder.path() / file;
  }
};

TEST_CASE("the best network is the full one where it is installed, else the one that ships") {
  const BareMachine machine;
  const EnvironmentVariable assets("IMPASTO_ASSETS", (machine.folder.path() / "assets").string());
  const std::string best(kBestModel);
  CHECK_THROWS_AS(find_model(best), Error);

  const fs::path shipped = machine.put("assets/compact.safetensors");
  machine.put("assets/vgg19.safetensors");  // what ships is never taken for the full network
  CHECK(find_model(best).name == "compact");
  CHECK(find_model(best).file == shipped);
  CHECK_THAT(find_model(best).advice, contains("impasto weights fetch vgg19"));
  CHECK(find_model("compact").file == shipped);
  CHECK(find_model("compact").advice.empty());

  const fs::path fetched = machine.put("data/impasto/weights/vgg19.safetensors");
  CHECK(find_model(best).name == "vgg19");
  CHECK(find_model(best).file == fetched);
  CHECK(find_model(best).advice.empty());
  const fs::path own = machine.put("weights/vgg19.safetensors");
  CHECK(find_model(best).file == own);
  CHECK(find_model("compact").file == shipped);
}

TEST_CASE(
    "a network that is nowhere is refused with the folders that were searched and where it comes from") {
  const BareMachine machine;
  const auto refusal = [](const std::string& model) -> std::string {
    try {
      find_model(model);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::input);
      return error.what();
    }
    return "nothing was refused";
  };
  CHECK_THAT(refusal("vgg16"), contains("vgg16.safetensors") &&
                                   contains("fetch it: impasto weights fetch vgg16") &&
                                   contains((machine.folder.path() / "weights").string()) &&
                                   contains((fs::path("share") / "impasto").string()));
  CHECK_THAT(refusal("vgg91"),
             contains("vgg91.safetensors") && contains("fetch the nearest: impasto weights fetch vgg19"));
  const EnvironmentVariable assets("IMPASTO_ASSETS", (machine.folder.path() / "assets").string());
  CHECK_THAT(refusal("compact"), contains("compact.safetensors") && contains("install Impasto again") &&
                                     !contains("weights fetch"));
}

TEST_CASE("the network that ships is found beside the program, and says what it lacks") {
  const BareMachine machine;
  const network::FoundModel found = find_model(std::string(kBestModel));
  REQUIRE(found.name == "compact");
  const network::Network network(found.file);
  CHECK(network.title() == "compact");
  CHECK(network.name() == "vgg19");
  CHECK_NOTHROW(network.check_finite());
  CHECK_NOTHROW(network.find("relu5_1"));
  try {
    network.find("relu5_2");
    FAIL("nothing was refused");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
    CHECK_THAT(error.what(), contains("\"relu5_2\"") && contains("ends at relu5_1") &&
                                 contains("nearest is \"relu5_1\"") &&
                                 contains("impasto weights fetch vgg19"));
  }
  const std::vector<InstalledWeights> listed = list_installed();
  CHECK(std::any_of(listed.begin(), listed.end(),
                    [](const InstalledWeights& weights) { return weights.name == "compact"; }));
}

}  // namespace
}  // namespace impasto::test
