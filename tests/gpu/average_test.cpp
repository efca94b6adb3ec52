// The average of an optimiser's steps against double precision, in one piece and in several.
#include "optimizer/average.h"

#include "catch.h"
#include "reference/array.h"
#include "reference/optimizer.h"
#include "support/optimizer_run.h"

#include <span>

namespace impasto::test {
namespace {

reference::Vector in_double(const Floats& values) {
  return {values.begin(), values.end()};
}

// An average with its variable on the device, recorded once.
class AverageRun {
 public:
  AverageRun(kernels::Library& library, double decay, const Floats& start)
      : average_(library, decay, int64_t(start.size())), variable_(arena_.region(start)), queue_(device()) {
    average_.reset(start);
    vulkan::Recorder recorder(device());
    kernels::Context context{library, recorder};
    average_.record(context, variable_);
    recording_ = std::make_unique<vulkan::Recording>(recorder.finish());
  }

  Floats take(const Floats& values) {
    vulkan::upload(variable_, std::as_bytes(std::span(values)));
    queue_.wait(queue_.submit(*recording_));
    require_no_messages();
    return value();
  }
  Floats value() const { return download<float>(average_.value()); }
  const Average& average() const { return average_; }

 private:
  Arena arena_;
  Average average_;
  vulkan::Region variable_;
  std::unique_ptr<vulkan::Recording> recording_;
  vulkan::Queue queue_;
};

}  // namespace

TEST_CASE("the average of the steps follows its formula, the start included") {
  IMPASTO_REQUIRE_GPU();
  kernels::Library small = small_bindings(20000);  // two times 1024 elements
  for (const double decay : {0.5, 0.99, 0.99999})
    for (kernels::Library* with : {&library(), &small}) {
      const size_t count = 5003;
      const Floats start = random_floats(count, 1);
      AverageRun run(*with, decay, start);
      CHECK((run.value() == start));
      reference::Average expected{decay};
      expected.take(in_double(start));
      for (uint64_t step = 2; step < 40; ++step) {
        const Floats values = random_floats(count, step);
        expected.take(in_double(values));
        REQUIRE(reference::relative_error(in_double(run.take(values)), expected.value) <= 2e-6);
      }
    }
}

TEST_CASE("an average goes on from its saved state with the same bits") {
  IMPASTO_REQUIRE_GPU();
  const Floats start = random_floats(100, 1);
  AverageRun run(library(), 0.9, start), resumed(library(), 0.9, Floats(100, 7));
  run.take(random_floats(100, 2));
  vulkan::upload(resumed.average().value(), download<std::byte>(run.average().value()));
  vulkan::upload(resumed.average().weights(), download<std::byte>(run.average().weights()));
  CHECK((resumed.take(random_floats(100, 3)) == run.take(random_floats(100, 3))));
}

}  // namespace impasto::test
