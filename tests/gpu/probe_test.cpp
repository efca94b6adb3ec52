// The probe against its loop: what it is timed by has to be what it does.
#include "kernels/probe.h"

#include "catch.h"
#include "support/gpu.h"
#include "support/matrices.h"

#include <cmath>

namespace impasto::test {
namespace {

TEST_CASE("every invocation of the probe makes all its multiply-adds") {
  IMPASTO_REQUIRE_GPU();
  const shared::ProbePush push{3, 0.97f, 0.25f};
  Arena arena;
  constexpr kernels::ProbeKind kKind = kernels::ProbeKind::vectors;
  const vulkan::Region sums = arena.region(kernels::probe_bytes(device().caps(), kKind));
  run([&](kernels::Context& context) { kernels::probe(context, kKind, push, sums); });
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
  CHECK(kernels::probe_flops(device().caps(), kKind, push.steps) ==
        double(operations) * double(actual.size()));
}

TEST_CASE("every subgroup of the probe of matrices makes all its products") {
  IMPASTO_REQUIRE_GPU();
  std::optional<vulkan::Caps> caps = matrix_caps();
  if (!caps) return;
  constexpr kernels::ProbeKind kKind = kernels::ProbeKind::matrices;
  const shared::ProbePush push{3, 0.5f, 0.25f};
  Arena arena;
  kernels::Library hardware(device(), *caps);
  const vulkan::Region sums = arena.region(kernels::probe_bytes(*caps, kKind));
  run(hardware, [&](kernels::Context& context) { kernels::probe(context, kKind, push, sums); });
  const int products = push.steps * shared::kProbeUnroll * shared::kProbeMatrices;
  const double each = double(caps->matrix.depth) * double(push.factor) * double(push.addend);
  const double expected = products * each + shared::kProbeMatrices * (shared::kProbeMatrices - 1) / 2.0;
  const std::vector<float> actual = download<float>(sums);
  for (const float value : actual) REQUIRE(double(value) == expected);
  CHECK(kernels::probe_flops(*caps, kKind, push.steps) ==
        2.0 * products * caps->matrix.depth * double(actual.size()));
}

}  // namespace
}  // namespace impasto::test
