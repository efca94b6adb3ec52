// What loss terms share: sums that stay accurate, weights that only the host writes, and reports in a ring.
#include "kernels/term.h"

#include "catch.h"
#include "kernels/report.h"
#include "support/gpu.h"
#include "support/random.h"

#include <bit>
#include <vector>

namespace impasto {
namespace {

std::vector<float> random_floats(int count, uint64_t seed, double low, double high) {
  test::Random random(seed);
  std::vector<float> values;
  values.reserve(size_t(count));
  for (int i = 0; i < count; ++i) values.push_back(static_cast<float>(random.uniform(low, high)));
  return values;
}

double sum_of(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += value;
  return sum;
}

std::vector<float> block_of(float weight, const std::vector<float>& partials) {
  std::vector<float> block{weight, 0, 0, 0};
  block.insert(block.end(), partials.begin(), partials.end());
  return block;
}

float value_of(float weight, const std::vector<float>& partials) {
  test::Arena arena;
  const vulkan::Region term = arena.region(block_of(weight, partials));
  const vulkan::Region totals = arena.region(3 * sizeof(float));
  test::run([&](kernels::Context& context) {
    term_value(context, term, static_cast<int>(partials.size()), totals, 2);
  });
  return test::download<float>(totals)[2];
}

double squared_norm_on(kernels::Library& library, const std::vector<float>& vector) {
  test::Arena arena;
  const auto n = static_cast<int64_t>(vector.size());
  const int partials = kernels::squared_norm_partials(n);
  const vulkan::Region term = arena.region(kernels::term_bytes(partials));
  const float weight = 3;
  vulkan::upload(term.part(0, sizeof weight), std::as_bytes(std::span(&weight, 1)));
  const vulkan::Region data = arena.region(vector);
  test::run(library, [&](kernels::Context& context) { squared_norm(context, data, n, term); });
  std::vector<float> block = test::download<float>(term);
  CHECK(block[0] == weight);
  return sum_of({block.begin() + 4, block.end()});
}

double exact_squared_norm(const std::vector<float>& vector) {
  double sum = 0;
  for (const float value : vector) sum += double(value) * double(value);
  return sum;
}

}  // namespace

TEST_CASE("A term's value is its weight times its partial sums") {
  IMPASTO_REQUIRE_GPU();
  for (const int count : {1, 2, 127, 128, 129, 1000, 4097}) {
    INFO(count << " partial sums");
    const std::vector<float> partials = random_floats(count, 31, 0, 100);
    CHECK(value_of(0.5F, partials) == Approx(0.5 * sum_of(partials)).epsilon(1e-6));
  }
}

TEST_CASE("A million partial sums lose nothing, whatever their sizes") {
  IMPASTO_REQUIRE_GPU();
  CHECK(value_of(1, std::vector<float>(1000000, 0.1F)) == Approx(double(0.1F) * 1e6).epsilon(1e-6));
  std::vector<float> uneven = random_floats(1000000, 32, 0, 1e-3);
  uneven[0] = 1000;
  CHECK(value_of(1, uneven) == Approx(sum_of(uneven)).epsilon(1e-6));
}

TEST_CASE("The squared norm of a vector is accurate and leaves the weight alone") {
  IMPASTO_REQUIRE_GPU();
  for (const int n : {1, 3, 2047, 2048, 2049, 100000}) {
    INFO(n << " floats");
    const std::vector<float> vector = random_floats(n, 33, -1, 1);
    CHECK(squared_norm_on(test::library(), vector) == Approx(exact_squared_norm(vector)).epsilon(1e-6));
  }
  kernels::Library limited = test::limited_library(16384);
  const std::vector<float> vector = random_floats(20001, 34, -1, 1);
  CHECK(squared_norm_on(limited, vector) == Approx(exact_squared_norm(vector)).epsilon(1e-6));
}

TEST_CASE("Reports fill the ring in turn and count iterations") {
  IMPASTO_REQUIRE_GPU();
  constexpr int kCount = 70;  // more than a workgroup
  constexpr int kSlots = 3;
  constexpr uint32_t kStart = 1u << 24;  // not exact as a float beyond
  test::Arena arena;
  const vulkan::Region state = arena.region(std::vector<uint32_t>{kStart, 12345});
  const vulkan::Region ring = arena.region(kernels::report_bytes(kCount, kSlots));
  std::vector<std::vector<float>> reported;
  for (int i = 0; i < 4; ++i) {
    reported.push_back(random_floats(kCount, 40 + uint64_t(i), -1, 1));
    const vulkan::Region totals = arena.region(reported.back());
    test::run([&](kernels::Context& context) { report(context, totals, kCount, state, ring, kSlots); });
  }
  CHECK(test::download<uint32_t>(state) == std::vector<uint32_t>{kStart + 4, 12345});
  const std::vector<uint32_t> words = test::download<uint32_t>(ring);
  for (uint32_t i = 1; i < 4; ++i) {  // the first was overwritten by the fourth
    const uint32_t* slot = &words[((kStart + i) % kSlots) * (kCount + 1)];
    CHECK(slot[kCount] == kStart + i);
    for (int j = 0; j < kCount; ++j) REQUIRE(slot[j] == std::bit_cast<uint32_t>(reported[i][size_t(j)]));
  }
}

}  // namespace impasto
