// Runs that stop, and go on from a file in another session: the same bits; and files that are of another run.
#include "session/checkpoint.h"

#include "catch.h"
#include "impasto/error.h"
#include "impasto/session.h"
#include "support/files.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/picture_file.h"
#include "support/skip.h"

#include <cmath>
#include <functional>

namespace impasto::test {
namespace {

// Two stages; the history of L-BFGS is full before the first ends, and its line search begins again in each.
Job staged_job(const JobFolder& folder, OptimizerKind kind, LineSearchKind search = LineSearchKind::none) {
  Job job = folder.job();
  job.recipe = with_optimizer(job.recipe, kind);
  job.recipe.optimizer.history = 3;
  job.recipe.optimizer.line_search = search;
  if (search != LineSearchKind::none) job.recipe.optimizer.restart = 4;
  job.init = "noise";
  job.size = kRecipeSizes;
  job.iterations = kRecipeIterations;
  job.recipe.stages = {{20, SizeSide::longest, 6}, {28, SizeSide::longest, 5}};
  return job;
}

void advance(Session& session, int iterations) {
  for (int i = 0; i < iterations; ++i) REQUIRE(session.advance());
}

std::filesystem::path stopped_after(const JobFolder& folder, const Job& job, int iterations) {
  Session session = open_session(job);
  advance(session, iterations);
  session.checkpoint(folder.file("state"));
  return folder.file("state");
}

TEST_CASE("a run that goes on from a checkpoint ends with the same bits") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  const auto [kind, search] =
      GENERATE(table<OptimizerKind, LineSearchKind>({{OptimizerKind::adam, LineSearchKind::none},
                                                     {OptimizerKind::lbfgs, LineSearchKind::none},
                                                     {OptimizerKind::lbfgs, LineSearchKind::more_thuente}}));
  const Job job = staged_job(folder, kind, search);
  const Image undisturbed = finished_picture(job);
  for (const int stop : {0, 1, 5, 6, 8, 11}) {
    INFO("stopped after " << stop);
    const CheckpointInfo info = read_checkpoint(stopped_after(folder, job, stop));
    CHECK(info.iteration == stop);
    CHECK(info.iterations == 11);
    CHECK(info.device == device().caps().name);
    Session session = open_session(info.job);
    CHECK(session.note().empty());
    CHECK(session.progress().iteration == stop);
    CHECK((session.progress().losses.total > 0) == (stop != 0));
    while (session.advance()) continue;
    CHECK((session.image().rgb == undisturbed.rgb));
    CHECK(session.progress().iteration == 11);
  }
  require_no_messages();
}

TEST_CASE("so does one whose pictures are averages, on its way up a pyramid to the content's own size") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = staged_job(folder, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  job.size = kOwnSize;
  job.recipe.pyramid = {.smallest = 20, .iterations = 4};
  job.recipe.optimizer.average = 0.9;
  const Image undisturbed = finished_picture(job);
  for (const int stop : {0, 3, 4, 6, 16}) {
    INFO("stopped after " << stop);
    const CheckpointInfo info = read_checkpoint(stopped_after(folder, job, stop));
    CHECK(info.iteration == stop);
    CHECK(info.iterations == 16);
    CHECK((finished_picture(info.job).rgb == undisturbed.rgb));
  }
}

TEST_CASE("so does one whose device has more room than when it was stopped") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  folder.write("content.png", small_picture(150, 97, 1));
  Job job = folder.job();
  job.recipe = with_optimizer(job.recipe, OptimizerKind::adam);
  job.iterations = 6;
  job.tile = 64;
  const Image undisturbed = finished_picture(job);
  session::Checkpoint checkpoint = session::load_checkpoint(stopped_after(folder, job, 3));
  REQUIRE(checkpoint.layouts.size() == 1);
  CHECK(checkpoint.layouts[0].tiling.side == 64);
  checkpoint.job.tile = kAutomaticTile;  // as if the device had chosen
  session::write_checkpoint(folder.file("state"), checkpoint);
  Session session = open_session(read_checkpoint(folder.file("state")).job);
  CHECK(session.estimate().stages[0].tile == 64);
  while (session.advance()) continue;
  CHECK((session.image().rgb == undisturbed.rgb));
}

TEST_CASE("a run keeps its checkpoint up to date, and it is always whole") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = staged_job(folder, OptimizerKind::lbfgs);
  const Image undisturbed = finished_picture(job);
  job.checkpoint = folder.file("state");
  job.checkpoint_seconds = 0;
  {
    Session session = open_session(job);
    for (int done = 0; session.advance(); ++done) {
      // An iteration's state is written when the next one is asked for; a stage's last one is the next one's start.
      if (done == 0 || done == 6) continue;
      CHECK(read_checkpoint(job.checkpoint).iteration == done);
    }
  }
  Session session = open_session(read_checkpoint(job.checkpoint).job);
  CHECK(session.progress().iteration == 10);
  while (session.advance()) continue;
  CHECK((session.image().rgb == undisturbed.rgb));

  // A file that cannot be written stops nothing.
  job.checkpoint = folder.file("nowhere") / "state";
  Session other = open_session(job);
  while (other.advance()) continue;
  CHECK_THAT(other.progress().checkpoint_error, contains("its folder does not exist"));
  CHECK((other.image().rgb == undisturbed.rgb));
}

TEST_CASE(
    "a run that is done goes on when there are more iterations, as if it had been asked for them at first") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  Job job = folder.job();
  job.iterations = 4;
  Job longer = job;
  longer.iterations = 7;
  const Image undisturbed = finished_picture(longer);
  longer.resume = stopped_after(folder, job, 4);
  CHECK((finished_picture(longer).rgb == undisturbed.rgb));
}

TEST_CASE("a checkpoint of another run is refused by what differs") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  const Job job = staged_job(folder, OptimizerKind::lbfgs);
  const std::filesystem::path state = stopped_after(folder, job, 8);
  const auto refused = [&](ErrorKind kind, const std::string& words,
                           const std::function<void(Job&)>& change) {
    Job other = job;
    other.resume = state;
    change(other);
    INFO(words);
    CHECK_THAT(refusal(kind, [&] { open_session(other); }),
               contains(state.string() + ": ") && contains(words));
  };
  refused(ErrorKind::usage, "another recipe", [](Job& j) { j.recipe.style_weight *= 2; });
  refused(ErrorKind::usage, "another style_size", [](Job& j) { j.style_size = 12; });
  refused(ErrorKind::usage, "weights of styles", [](Job& j) { j.styles.push_back(j.styles[0]); });
  refused(ErrorKind::usage, "iterations", [](Job& j) { j.iterations = 3; });
  refused(ErrorKind::input, "content.png is not the file",
          [&](Job&) { folder.write("content.png", small_picture(40, 32, 9)); });
}

TEST_CASE("state that does not fit the run, or would make a shader reach beyond its memory, is refused") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(5);
  const Job job = staged_job(folder, OptimizerKind::lbfgs);
  const session::Checkpoint good = session::load_checkpoint(stopped_after(folder, job, 8));
  const auto refused = [&](const std::function<void(session::Checkpoint&)>& change) {
    session::Checkpoint checkpoint = good;
    change(checkpoint);
    session::write_checkpoint(folder.file("changed"), checkpoint);
    Job other = job;
    other.resume = folder.file("changed");
    CHECK_THAT(refusal(ErrorKind::input, [&] { open_session(other); }), contains("does not fit"));
  };
  refused([](session::Checkpoint& c) { c.point.state.pop_back(); });
  refused([](session::Checkpoint& c) { c.point.state.clear(); });
  refused([](session::Checkpoint& c) { c.point.state[0].name = "other"; });
  refused([](session::Checkpoint& c) { c.point.state[1].values.push_back(0); });
  refused([](session::Checkpoint& c) { c.point.state[0].values[4] = 1; });   // pairs, as bits: far too many
  refused([](session::Checkpoint& c) { c.point.state[0].values[6] = -1; });  // head
  refused([](session::Checkpoint& c) { std::swap(c.size.width, c.size.height); });
  Job other = job;
  session::write_checkpoint(other.resume = folder.file("changed"), good);
  CHECK_NOTHROW(open_session(other));
  require_no_messages();
}

}  // namespace
}  // namespace impasto::test
