// A stage continued on another device from a recovery point, and with its optimiser's state elsewhere, bit for bit.
#include "session/stage.h"

#include "catch.h"
#include "support/gpu.h"
#include "support/job.h"
#include "support/skip.h"

#include <memory>
#include <utility>

namespace impasto::test {
namespace {

session::SharedImage shared(Image image) {
  return std::make_shared<const Image>(std::move(image));
}

struct Stage {
  Stage(const network::Network& network, const Recipe& recipe, const session::StageInputs& inputs,
        const session::StageLayout& layout = {})
      : engine(device_options(), network, session::depth_of(network, recipe)),
        run(engine, recipe, inputs, layout) {
    run.restore(session::start_point(*inputs.content, recipe));
  }
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
  const session::StageInputs inputs{
      shared(small_picture(20, 14, 1)), {shared(small_picture(13, 17, 2))}, {1}};

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

TEST_CASE(
    "what the optimizer remembers is the same in the host's memory, and is not counted as the device's") {
  IMPASTO_REQUIRE_GPU();
  const JobFolder folder(3);
  const network::Network network(folder.file("vgg19.safetensors"));
  Recipe recipe = with_optimizer(folder.job().recipe, GENERATE(OptimizerKind::adam, OptimizerKind::lbfgs));
  recipe.optimizer.history = 3;
  const session::StageInputs inputs{
      shared(small_picture(40, 34, 1)), {shared(small_picture(13, 17, 2))}, {1}};
  Stage device_holds(network, recipe, inputs), host_holds(network, recipe, inputs, {{}, true});
  CHECK(host_holds.engine.device().allocated_bytes() < device_holds.engine.device().allocated_bytes());
  device_holds.submit(5);
  host_holds.submit(3);
  const session::RecoveryPoint point = host_holds.run.save();
  host_holds.submit(1);
  host_holds.run.restore(point);
  host_holds.submit(2);
  CHECK((host_holds.run.image() == device_holds.run.image()));
  require_no_messages();
}

}  // namespace
}  // namespace impasto::test
