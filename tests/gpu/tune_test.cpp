// Measuring kernels, and the file that the choice is kept in.
#include "session/tune.h"

#include "catch.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/weights.h"

#include <algorithm>
#include <fstream>

namespace impasto::test {
namespace {

namespace fs = std::filesystem;

fs::path only_file(const fs::path& folder) {
  fs::path file;
  for (const auto& entry : fs::directory_iterator(folder)) {
    REQUIRE(file.empty());
    file = entry.path();
  }
  return file;
}

TEST_CASE("tuning tries every kernel that runs, chooses one for each number of rows, and is done in time") {
  IMPASTO_REQUIRE_GPU();
  vulkan::Caps caps = device().caps();
  caps.subgroup_shuffle = false;
  const kernels::Library with_choice(device(), caps);
  const auto begun = std::chrono::steady_clock::now();
  const session::TuningReport report = session::tune(with_choice, std::chrono::milliseconds(1500));
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun;
  require_no_messages();
  REQUIRE_FALSE(report.trials.empty());
  for (const auto& choices : {report.tuning.fastest, report.tuning.fastest_matrix}) {
    for (const auto& choice : choices) {
      CAPTURE(choice.first, choice.second);
      const auto is_chosen = [&](const BenchTrial& trial) {
        return trial.rows == choice.first && trial.kernel == choice.second && trial.chosen;
      };
      CHECK(std::count_if(report.trials.begin(), report.trials.end(), is_chosen) == 1);
    }
  }
  const auto chosen = std::count_if(report.trials.begin(), report.trials.end(),
                                    [](const BenchTrial& trial) { return trial.chosen; });
  CHECK(size_t(chosen) == report.tuning.fastest.size() + report.tuning.fastest_matrix.size());
  for (const BenchTrial& trial : report.trials) CHECK(trial.ms > 0);
  WARN("tuning took " << spent.count()
                      << " s");  // a run that has begun is finished, and pipelines are compiled
}

TEST_CASE("no time for tuning leaves every default, and a device without a choice has nothing to tune") {
  IMPASTO_REQUIRE_GPU();
  CHECK(session::tune(library(), std::chrono::seconds(0)).tuning == kernels::Tuning{});
  if (kernels::gemm_kernels(library().caps()).size() == 1)
    CHECK(session::tune(library(), std::chrono::seconds(1)).trials.empty());
}

TEST_CASE("a GPU is measured when it is used for the first time, and then never again") {
  IMPASTO_REQUIRE_GPU();
  const TemporaryFolder folder;
  vulkan::Caps caps = device().caps();
  caps.subgroup_shuffle = false;
  caps.type = vulkan::DeviceType::discrete;
  const kernels::Library gpu(device(), caps);
  const kernels::Tuning tuning = session::tuning_of(gpu, folder.path(), std::chrono::milliseconds(500));
  CHECK_FALSE(tuning.fastest.empty());
  CHECK(device().peak_bytes() == device().allocated_bytes());
  CHECK(session::known_tuning(folder.path(), caps) == tuning);
  CHECK(session::tuning_of(gpu, folder.path(), std::chrono::seconds(0)) == tuning);
  CHECK(session::tuning_of(gpu, {}, std::chrono::seconds(1)) == kernels::Tuning{});
  const TemporaryFolder software;
  CHECK(session::tuning_of(library(), software.path(), std::chrono::seconds(1)) == kernels::Tuning{});
  CHECK(fs::is_empty(software.path()) == device().caps().software());
  require_no_messages();
}

TEST_CASE("a choice is found again on the same device with the same driver and shaders, and not on others") {
  const TemporaryFolder folder;
  vulkan::Caps caps;
  caps.name = "a device";
  caps.driver_version = 7;
  const kernels::Tuning tuning{{{64, "shared 32x64"}, {512, "shared 128x64"}}, {{128, "matrix 2x64"}}};
  CHECK_FALSE(session::known_tuning(folder.path(), caps));
  session::keep_tuning(folder.path() / "new", caps, tuning);
  CHECK(session::known_tuning(folder.path() / "new", caps) == tuning);
  vulkan::Caps other = caps;
  other.driver_version = 8;
  CHECK_FALSE(session::known_tuning(folder.path() / "new", other));
  other = caps;
  other.pipeline_cache_uuid[3] = 1;
  CHECK_FALSE(session::known_tuning(folder.path() / "new", other));
  CHECK_FALSE(session::known_tuning({}, caps));
}

TEST_CASE("a damaged file of choices counts as none") {
  const TemporaryFolder folder;
  const vulkan::Caps caps;
  session::keep_tuning(folder.path(), caps, {{{64, "shared 32x64"}}, {{128, "matrix 2x64"}}});
  const fs::path file = only_file(folder.path());
  const std::string whole = read_text(file);
  for (size_t i = 0; i < whole.size(); i += 7) {
    write_bytes(file, whole.substr(0, i));
    CHECK_FALSE(session::known_tuning(folder.path(), caps));
  }
  for (const std::string name : {"\"shared 32x64\"", "\"matrix 2x64\""}) {
    for (const char* instead : {"32", "[]", "3.5", "null", "{}"}) {
      write_bytes(file, std::string(whole).replace(whole.find(name), name.size(), instead));
      CHECK_FALSE(session::known_tuning(folder.path(), caps));
    }
  }
}

}  // namespace
}  // namespace impasto::test
