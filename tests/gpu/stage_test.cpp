// A stage continued on another device from a recovery point, bit for bit.
#include "session/stage.h"

#include "catch.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/skip.h"

namespace impasto::test {
namespace {

struct Stage {
  Stage(const network::Network& network, const Recipe& recipe, const session::StageInputs& inputs)
      : engine(device_options(), network, session::depth_of(network, recipe)),
        run(engine, recipe, inputs, inputs.content, {}) {}
  void submit(int iterations) {
    for (int i = 0; i < iterations; ++i) run.submit(2);
    run.finish();
  }
  session::Engine engine;
  session::StageRun run;
};

TEST_CASE("a recovery point continues with the same bits on another device") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(3);
  const network::Network network(folder.file("vgg19.safetensors"));
  Recipe recipe = with_optimizer(folder.job().recipe, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  recipe.optimizer.history = 3;  // full at the recovery point
  const session::StageInputs inputs{small_picture(20, 14, 1), {small_picture(13, 17, 2)}, {1}};

  Stage first(network, recipe, inputs);
  CHECK(first.run.report().losses.terms.empty());
  first.submit(5);
  const session::RecoveryPoint point = first.run.save();
  CHECK(point.iteration == 5);
  first.submit(4);

  Stage second(network, recipe, inputs);
  second.submit(2);  // what it did before does not matter
  second.run.restore(point);
  CHECK(second.run.submitted() == 5);
  CHECK(second.run.finished() == 5);
  CHECK(second.run.report().losses.total == point.report.losses.total);
  second.submit(4);
  CHECK(second.run.finished() == 9);
  CHECK((second.run.image() == first.run.image()));
  CHECK(second.run.report().losses.total == first.run.report().losses.total);
  CHECK(second.run.report().losses.total != point.report.losses.total);
  require_no_messages();
}

}  // namespace
}  // namespace impasto::test
