// Checkpoint files: what is written is read again, and nothing that was changed is believed.
#include "session/checkpoint.h"

#include "catch.h"
#include "impasto/error.h"
#include "support/files.h"
#include "support/picture_file.h"
#include "support/weights.h"

#include <cmath>
#include <functional>
#include <limits>

using namespace impasto;
using session::Checkpoint;
using test::contains;

namespace {

Checkpoint small_checkpoint() {
  Checkpoint checkpoint;
  checkpoint.job.recipe = find_recipe("gatys");
  checkpoint.job.content = "/pictures/b\xc3\xa4r.png";
  checkpoint.job.styles = {{"/pictures/style.png", 2}};
  checkpoint.job.output = "/pictures/result.png";
  checkpoint.inputs = {"aa", "bb", "cc"};
  checkpoint.stage = 1;
  checkpoint.skipped_steps_before = 3;
  checkpoint.seconds = 1.5;
  checkpoint.content_side = 700;
  checkpoint.device = "a device";
  checkpoint.driver = "its driver";
  checkpoint.build = "a build";
  checkpoint.layouts = {{{}, true}, {{512, 1024}, false}};
  checkpoint.size = {3, 2};
  checkpoint.point.iteration = 40;
  for (int i = 0; i < 18; ++i) checkpoint.point.image.push_back(float(i) / 7);
  checkpoint.point.state = {{"optimizer.0", {1, 2, std::numeric_limits<float>::quiet_NaN()}},
                            {"optimizer.1", {}}};
  checkpoint.point.report = {{1, 2, 3, 0, 6, 0.5, {{"content", "relu4_2", 1}}}, 4};
  return checkpoint;
}

std::string bytes_of(const Checkpoint& checkpoint) {
  const test::TemporaryFolder folder;
  session::write_checkpoint(folder.path() / "state", checkpoint);
  return test::read_text(folder.path() / "state");
}

Checkpoint parse(const std::string& bytes) {
  return session::parse_checkpoint(std::as_bytes(std::span(bytes)), "state");
}

void refused(const std::string& bytes, const std::string& words) {
  INFO(words);
  CHECK_THAT(test::refusal(ErrorKind::input, [&] { parse(bytes); }), contains("state: ") && contains(words));
}

void refused(const std::function<void(Checkpoint&)>& change, const std::string& words) {
  Checkpoint checkpoint = small_checkpoint();
  change(checkpoint);
  refused(bytes_of(checkpoint), words);
}

}  // namespace

TEST_CASE("A checkpoint is read as it was written") {
  const Checkpoint written = small_checkpoint();
  const Checkpoint read = parse(bytes_of(written));
  CHECK(read.job == written.job);
  CHECK(read.inputs == written.inputs);
  CHECK(read.stage == 1);
  CHECK(read.skipped_steps_before == 3);
  CHECK(read.content_side == 700);
  CHECK(read.seconds == 1.5);
  CHECK(read.device + read.driver + read.build == "a deviceits drivera build");
  CHECK((read.layouts == written.layouts));
  CHECK((read.size == session::Size{3, 2}));
  CHECK(read.point.iteration == 40);
  CHECK(read.point.image == written.point.image);
  REQUIRE(read.point.state.size() == 2);
  CHECK(read.point.state[0].name == "optimizer.0");
  CHECK(read.point.state[0].values[1] == 2);
  CHECK(std::isnan(read.point.state[0].values[2]));
  CHECK(read.point.state[1].values.empty());
  CHECK(read.point.report.losses.total == 6);
  CHECK(read.point.report.losses.terms.at(0).layer == "relu4_2");
  CHECK(read.point.report.skipped_steps == 4);
}

TEST_CASE("A checkpoint survives losses that are not finite, and paths become absolute") {
  Checkpoint checkpoint = small_checkpoint();
  checkpoint.point.report.losses.total = std::numeric_limits<double>::infinity();
  checkpoint.job.output = "result.png";
  checkpoint.job.model = "folder/vgg.safetensors";
  checkpoint.job.resume = "other";
  const Checkpoint read = parse(bytes_of(checkpoint));
  CHECK(read.point.report.losses.total == 0);
  CHECK(read.job.output == std::filesystem::absolute("result.png"));
  CHECK(std::filesystem::path(read.job.model) == std::filesystem::absolute("folder/vgg.safetensors"));
  CHECK(read.job.resume.empty());
  checkpoint.job.model = "vgg16";
  CHECK(parse(bytes_of(checkpoint)).job.model == "vgg16");
}

TEST_CASE("A checkpoint that contradicts itself is refused") {
  refused([](Checkpoint& c) { c.stage = 2; }, "is at stage 2 of 2");
  refused([](Checkpoint& c) { c.content_side = 40000; }, "a content of 40000 pixels");
  refused([](Checkpoint& c) { c.layouts.pop_back(); }, "has 1 layouts of 2 stages");
  refused([](Checkpoint& c) { c.layouts[1].tiling.side = 100; }, "has tiles of 100 pixels");
  refused([](Checkpoint& c) { c.layouts[1].tiling.deep_side = -64; }, "has tiles of -64 pixels");
  refused([](Checkpoint& c) { c.layouts[1].tiling.parting = 4; }, "is parted behind pooling 4");
  refused([](Checkpoint& c) { c.stage = -1; }, "is at stage -1 of 2");
  refused([](Checkpoint& c) { c.point.iteration = 201; }, "is at iteration 201 of 200");
  refused([](Checkpoint& c) { c.point.iteration = -1; }, "is at iteration -1");
  refused([](Checkpoint& c) { c.inputs.pop_back(); }, "names 2 input files instead of 3");
  refused([](Checkpoint& c) { c.skipped_steps_before = -1; }, "counts below 0");
  refused([](Checkpoint& c) { c.seconds = -1; }, "counts below 0");
  refused([](Checkpoint& c) { c.point.image[5] = std::numeric_limits<float>::infinity(); }, "not finite");
  refused([](Checkpoint& c) { c.job.styles.clear(); }, "no style picture");
  refused(
      [](Checkpoint& c) {
        c.size = {6, 1};
        c.point.image.clear();
      },
      "damaged");
}

TEST_CASE("A file that is no checkpoint is refused in one line") {
  refused("", "is not a checkpoint");
  refused("impasto", "is not a checkpoint");
  refused(test::safetensors_bytes({{"picture", "F32", {1, 1, 3}, std::string(12, '\0')}}), "no checkpoint");
}

TEST_CASE("A checkpoint that was cut or has a bit turned anywhere is refused or says the same") {
  const std::string whole = bytes_of(small_checkpoint());
  for (size_t length = 0; length < whole.size(); length += 7)
    test::refusal(ErrorKind::input, [&] { parse(whole.substr(0, length)); });
  // Where the tensors are, every bit counts.
  const size_t data = whole.size() - (18 + 3) * sizeof(float);
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string turned = whole;
    turned[at] = static_cast<char>(turned[at] ^ (1 << (at % 8)));
    try {
      parse(turned);
      CHECK(at < data);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::input);
    }
  }
}
