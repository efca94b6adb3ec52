// Adam against the formula in double precision, and what keeps it going: guards, pieces, restarts.
#include "catch.h"
#include "impasto/image.h"
#include "reference/optimizer.h"
#include "support/optimizer_run.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace impasto::test {
namespace {

OptimizerConvention convention(bool epsilon_hat = false) {
  OptimizerConvention made;
  made.kind = OptimizerKind::adam;
  made.learning_rate = 0.02;
  made.beta1 = 0.99;
  made.epsilon = 0.1;
  made.epsilon_hat = epsilon_hat;
  return made;
}

reference::Adam reference_adam(const OptimizerConvention& from) {
  reference::Adam made;
  made.learning_rate = from.learning_rate;
  made.beta1 = from.beta1;
  made.beta2 = from.beta2;
  made.epsilon = from.epsilon;
  made.epsilon_hat = from.epsilon_hat;
  return made;
}

reference::Vector in_double(const Floats& values) {
  return {values.begin(), values.end()};
}

// Gradients that shrink from step to step and have their own scale in every entry.
Floats gradient(size_t count, int step) {
  Floats values = random_floats(count, 100 + uint64_t(step), 1.0 / (1 + step));
  for (size_t i = 0; i < count; ++i) values[i] *= std::pow(10.0F, float(i % 7) - 3);
  return values;
}

void follow_reference(const OptimizerConvention& settings, size_t count) {
  INFO(count << " elements, epsilon_hat " << settings.epsilon_hat);
  OptimizerRun run(settings, Floats(count, 0));
  reference::Adam adam = reference_adam(settings);
  reference::Vector expected(count);
  for (int step = 0; step < 12; ++step) {
    const Floats g = gradient(count, step);
    run.step(g);
    adam.step(expected, in_double(g));
    REQUIRE(reference::relative_error(in_double(run.variable()), expected) <= 2e-6);
  }
  CHECK(run.status().steps == 12);
  CHECK(run.status().skipped == 0);
}

Floats after_steps(OptimizerRun& run, size_t count, int first, int last) {
  for (int step = first; step < last; ++step) run.step(gradient(count, step));
  return run.variable();
}

}  // namespace

TEST_CASE("Adam follows its formula, epsilon on either side of the bias correction") {
  IMPASTO_REQUIRE_GPU();
  for (const bool epsilon_hat : {false, true})
    for (const size_t count : {1, 2, 3, 127, 4096, 100003}) follow_reference(convention(epsilon_hat), count);
}

TEST_CASE("Adam's bias correction does not drift in 30,000 steps") {
  IMPASTO_REQUIRE_GPU();
  const OptimizerConvention settings = convention();
  const std::unique_ptr<Optimizer> optimizer = make_optimizer(library(), settings, 1);
  Arena arena;
  const vulkan::Region variable = arena.region(Floats{0});
  const vulkan::Region slope = arena.region(Floats{1});
  vulkan::Recorder recorder(device());
  kernels::Context context{library(), recorder};
  for (int i = 0; i < 100; ++i) optimizer->record(context, variable, slope, slope);
  const vulkan::Recording recording = recorder.finish();
  vulkan::Queue queue(device());
  for (int t = 100; t <= 30000; t += 100) {
    queue.wait(queue.submit(recording));
    if (t % 1000 != 100 && t != 30000) continue;
    INFO("after " << t << " steps");
    const auto state = download<shared::AdamState>(optimizer->state().front()).front();
    const double correction1 = 1 - std::pow(settings.beta1, t);
    const double correction2 = 1 - std::pow(settings.beta2, t);
    CHECK(double(state.power1_high) + state.power1_low ==
          Approx(std::pow(settings.beta1, t)).epsilon(1e-8).margin(1e-20));
    CHECK(double(state.power2_high) + state.power2_low ==
          Approx(std::pow(settings.beta2, t)).epsilon(1e-8).margin(1e-20));
    CHECK(state.step_size == Approx(settings.learning_rate / correction1).epsilon(1e-6));
    CHECK(state.root_factor == Approx(1 / std::sqrt(correction2)).epsilon(1e-6));
  }
}

TEST_CASE("Adam clamps to the picture's range when the recipe says so") {
  IMPASTO_REQUIRE_GPU();
  OptimizerConvention settings = convention();
  settings.variable_range = 1;
  settings.clamp = true;
  settings.learning_rate = 0.5;
  settings.epsilon = 0;
  OptimizerRun run(settings, {0.2F, 0.8F, 0.5F, 0.5F});
  run.step({1, -1, 0, 1});
  CHECK(run.variable() == Floats{0, 1, 0.5F, 0});
}

TEST_CASE("Adam takes its last step back when the gradient is not finite, and goes on half as far") {
  IMPASTO_REQUIRE_GPU();
  const size_t count = 5000;
  const OptimizerConvention settings = convention();
  const Floats start = random_floats(count, 1);
  OptimizerRun run(settings, start);
  reference::Adam adam = reference_adam(settings);
  reference::Vector expected = in_double(start), before = expected;
  uint32_t skipped = 0;
  const float bad[] = {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity(),
                       2e18F};
  const auto fail = [&](int step) {
    Floats broken = gradient(count, step);
    broken[count - 1 - size_t(step) * 1700] = bad[step];
    run.step(broken);
    CHECK(run.status().verdict == shared::kGradientNotFinite);
    CHECK(run.status().skipped == ++skipped);
    CHECK(run.status().steps == uint32_t(step));
    CHECK(reference::relative_error(in_double(run.variable()), before) <= 2e-6);
    adam.learning_rate /= 2;
  };
  for (int step = 0; step < 3; ++step) {
    fail(step);
    CHECK(run.status().failing == 1);
    fail(step);  // there is no second step to take back
    CHECK(run.status().failing == 2);
    expected = before;
    adam.step(expected, in_double(gradient(count, step)));
    run.step(gradient(count, step));
    CHECK(run.status().verdict == shared::kStepTaken);
    CHECK(run.status().failing == 0);
    CHECK(reference::relative_error(in_double(run.variable()), expected) <= 2e-6);
  }
}

TEST_CASE("Adam goes on from saved state with the same bits, and begins anew when reset") {
  IMPASTO_REQUIRE_GPU();
  const size_t count = 1027;
  OptimizerRun run(convention(), random_floats(count, 1));
  const Floats third = after_steps(run, count, 0, 3);
  const std::vector<Bytes> saved = run.save();
  const Floats sixth = after_steps(run, count, 3, 6);

  OptimizerRun resumed(convention(), Floats(count, 0));
  resumed.restore(saved);
  CHECK(after_steps(resumed, count, 3, 6) == sixth);

  resumed.restore(saved);
  resumed.optimizer().reset();
  OptimizerRun fresh(convention(), third);
  CHECK((after_steps(resumed, count, 3, 6) == after_steps(fresh, count, 3, 6)));
}

TEST_CASE("Adam in pieces takes the same steps") {
  IMPASTO_REQUIRE_GPU();
  const size_t count = 100003;
  kernels::Library small = small_bindings(20000);  // two times 1024 elements
  OptimizerRun whole(convention(), random_floats(count, 1));
  OptimizerRun pieces(small, convention(), random_floats(count, 1));
  CHECK(pieces.optimizer().state().size() == 1 + 49);
  CHECK((after_steps(pieces, count, 0, 3) == after_steps(whole, count, 0, 3)));
  CHECK(pieces.optimizer().bytes() == optimizer_bytes(small.caps(), convention(), int64_t(count)));
  CHECK(whole.optimizer().bytes() == optimizer_bytes(device().caps(), convention(), int64_t(count)));
}

using State = std::vector<Floats>;  // region by region

State state_of(const OptimizerRun& run) {
  State state;
  for (const vulkan::Region& region : run.optimizer().state()) state.push_back(download<float>(region));
  return state;
}

// The moments m and v.
std::array<Floats, 2> moments_of(const State& state) {
  std::array<Floats, 2> moments;
  for (size_t i = 1; i < state.size(); ++i)
    for (size_t at = 0; at < state[i].size(); ++at) moments[at % 2].push_back(state[i][at]);
  return moments;
}

TEST_CASE("Adam takes its moments along to another size of the picture") {
  IMPASTO_REQUIRE_GPU();
  const PictureSize small{41, 30}, large{58, 43};
  OptimizerRun run(convention(), random_floats(41 * 30 * 3, 1));
  after_steps(run, 41 * 30 * 3, 0, 3);
  const State state = state_of(run);
  CHECK((moments_of(run.optimizer().resized(state, small, small)) == moments_of(state)));

  kernels::Library pieces = small_bindings(20000);
  OptimizerRun larger(pieces, convention(), Floats(58 * 43 * 3, 0));
  const State resized = larger.optimizer().resized(state, small, large);
  const State layout = state_of(larger);
  REQUIRE(resized.size() == layout.size());
  for (size_t i = 0; i < layout.size(); ++i) CHECK(resized[i].size() == layout[i].size());
  shared::AdamState counts{};
  std::memcpy(&counts, resized.front().data(), sizeof counts);
  CHECK(counts.status.steps == 3);
  CHECK(counts.scale == 1);
  CHECK(counts.step_size == 0);

  const float shrink = 41.0F * 30 / (58 * 43);
  const std::array<Floats, 2> before = moments_of(state), after = moments_of(resized);
  const Floats first = resample(Image{41, 30, before[0], {}}, 58, 43, Filter::bicubic).rgb;
  const Floats second = resample(Image{41, 30, before[1], {}}, 58, 43, Filter::bilinear).rgb;
  REQUIRE(after[0].size() == first.size());
  for (size_t i = 0; i < first.size(); ++i) {
    REQUIRE(after[0][i] == Approx(shrink * first[i]));
    REQUIRE(after[1][i] == Approx(shrink * shrink * second[i]));
    REQUIRE(after[1][i] >= 0);
  }
}

TEST_CASE("Adam's learning rate can change between steps") {
  IMPASTO_REQUIRE_GPU();
  OptimizerConvention settings = convention();
  settings.epsilon = 0;
  OptimizerRun run(settings, {0});
  run.step({3});
  CHECK(run.variable()[0] == Approx(-0.02).epsilon(1e-5));
  run.optimizer().set_learning_rate(0.1);
  run.step({3});
  CHECK(run.variable()[0] == Approx(-0.12).epsilon(1e-5));
}

}  // namespace impasto::test
