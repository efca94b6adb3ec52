// The probe against its loop: what it is timed by has to be what it does.
#include "kernels/probe.h"

#include "catch.h"
#include "support/gpu.h"

#include <cmath>

namespace impasto::test {
namespace {

TEST_CASE("every invocation of the probe makes all its multiply-adds") {
  IMPASTO_REQUIRE_GPU();
  const shared::ProbePush push{3, 0.97f, 0.25f};
  Arena arena;
  const vulkan::Region sums = arena.region(kernels::probe_bytes(device().caps()));
  run([&](kernels::Context& context) { kernels::probe(context, push, sums); });
  double expected = 0;
  int operations = 0;
  for (int i = 0; i < shared::kProbeSums; i++) {
    double sum = i;
    for (int n = 0; n < push.steps * shared::kProbeUnroll; n++, operations += 2)
      sum = sum * double(push.factor) + double(push.addend);
    expected += sum;
  }
  const std::vector<float> actual = download<float>(sums);
  for (const float value : actual) REQUIRE(std::abs(value - expected) < 1e-5 * expected);
  CHECK(kernels::probe_flops(device().caps(), push.steps) == double(operations) * double(actual.size()));
}

}  // namespace
}  // namespace impasto::test
