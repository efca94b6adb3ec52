// The weights command: exit codes, and what it leaves behind.
#include "catch.h"
#include "command_line.h"
#include "impasto/weights.h"
#include "support/environment.h"
#include "support/files.h"
#include "support/fixtures.h"
#include "support/skip.h"
#include "support/weights.h"

using namespace impasto;
using cli::run;

TEST_CASE("A wrong weights command ends with 2") {
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
           {"weights"},
           {"weights", "imprt"},
           {"weights", "fetch"},
           {"weights", "fetch", "vgg91"},
           {"weights", "verify"},
           {"weights", "import", "a.pth"},
           {"weights", "import", "a.pth", "-o", "b", "--layout", "chw"},
           {"weights", "import", "a.pth", "-o", "b", "--order", "grb"},
           {"weights", "import", "a.pth", "-o", "b", "--preprocessing", "none"}}) {
    INFO(wrong.back());
    CHECK(run(wrong) == 2);
  }
}

TEST_CASE("Weights are imported, verified and listed") {
  IMPASTO_REQUIRE_FIXTURES();
  const test::TemporaryFolder folder;
  const test::EnvironmentVariable weights("IMPASTO_WEIGHTS_DIR", folder.path().string());
  const test::EnvironmentVariable data("XDG_DATA_HOME", (folder.path() / "none").string());
  const test::EnvironmentVariable assets("IMPASTO_ASSETS", (folder.path() / "none").string());
  const std::string output = (folder.path() / "mine.safetensors").string();
  const std::string fixture = (test::weight_fixtures() / "torch_zip.pth").string();
  CHECK(run({"weights", "import", fixture, "-o", output}) == 2);  // which preprocessing?
  CHECK(run({"weights", "import", fixture, "-o", output, "--preprocessing", "torchvision"}) == 0);
  CHECK(run({"weights", "import", fixture, "-o", output, "--preprocessing", "torchvision"}) == 3);
  CHECK(run({"weights", "import", fixture, "-o", output, "--preprocessing", "torchvision", "--overwrite",
             "--json"}) == 0);
  CHECK(verify_weights(output).convention == "torchvision-rgb-normalised");
  CHECK(run({"weights", "verify", output}) == 0);
  CHECK(run({"weights", "verify", output, "--json"}) == 0);
  CHECK(run({"weights", "verify", fixture}) == 3);
  CHECK(run({"weights", "verify", "none.safetensors"}) == 3);
  CHECK(run({"weights", "list"}) == 0);
  CHECK(run({"weights", "list", "--json"}) == 0);
  const std::vector<InstalledWeights> installed = list_installed();
  REQUIRE(installed.size() == 1);
  CHECK((installed[0].name == "mine" && installed[0].file == output));
}

TEST_CASE("What is installed is not fetched again") {
  IMPASTO_REQUIRE_FIXTURES();
  const test::TemporaryFolder folder;
  const test::EnvironmentVariable weights("IMPASTO_WEIGHTS_DIR", folder.path().string());
  const test::EnvironmentVariable proxy("https_proxy", "http://127.0.0.1:1");  // there is no way out
  import_weights(test::weight_fixtures() / "keras_notop.h5", folder.path() / "vgg16.safetensors");
  CHECK(run({"weights", "fetch", "vgg16"}) == 0);
}
