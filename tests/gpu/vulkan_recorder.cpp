// Recordings: barriers exactly where accesses collide, segments, resubmission, times.
#include "catch.h"
#include "support/gpu.h"
#include "support/scale.h"

#include <numeric>
#include <vector>

namespace {

using namespace impasto;
using test::record_scale;
using vulkan::BindingKind;

constexpr size_t kCount = 1000;

std::vector<float> ramp() {
  std::vector<float> values(kCount);
  std::iota(values.begin(), values.end(), 0.0f);
  return values;
}

std::vector<float> scaled(float factor, float offset = 0) {
  std::vector<float> values = ramp();
  for (float& value : values) value = factor * value + offset;
  return values;
}

void submit_and_wait(const vulkan::Recording& recording, int times = 1) {
  vulkan::Queue queue(test::device());
  for (int i = 0; i < times; ++i) queue.submit(recording);
  queue.wait_all();
  test::require_no_messages();
}

struct Fixture {
  test::Arena arena;
  vulkan::Region a = arena.region(ramp());
  vulkan::Region b = arena.region(kCount * sizeof(float));
  vulkan::Region c = arena.region(kCount * sizeof(float));
  vulkan::Pipeline pipeline{test::device(), test::scale_description()};
  vulkan::Recorder recorder{test::device()};
};

}  // namespace

TEST_CASE("a read after a write waits for it") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  record_scale(f.recorder, f.pipeline, f.a, f.b, 2);
  record_scale(f.recorder, f.pipeline, f.b, f.c, 3);
  const vulkan::Recording recording = f.recorder.finish();
  CHECK(recording.barriers() == 1);
  CHECK(recording.dispatches() == 2);
  submit_and_wait(recording);
  CHECK(test::download<float>(f.c) == scaled(6));
}

TEST_CASE("a write after a read waits for it") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  record_scale(f.recorder, f.pipeline, f.a, f.b, 2);
  record_scale(f.recorder, f.pipeline, f.c, f.a, 0);
  const std::vector<float> finite = ramp();
  vulkan::upload(f.c, std::as_bytes(std::span(finite)));
  const vulkan::Recording recording = f.recorder.finish();
  CHECK(recording.barriers() == 1);
  submit_and_wait(recording);
  CHECK(test::download<float>(f.b) == scaled(2));
  CHECK(test::download<float>(f.a) == scaled(0));
}

TEST_CASE("a write after a write waits for it") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  record_scale(f.recorder, f.pipeline, f.a, f.b, 2);
  record_scale(f.recorder, f.pipeline, f.a, f.b, 5);
  const vulkan::Recording recording = f.recorder.finish();
  CHECK(recording.barriers() == 1);
  submit_and_wait(recording);
  CHECK(test::download<float>(f.b) == scaled(5));
}

TEST_CASE("reads of the same and writes of different ranges need no barrier") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  const uint64_t half = 512 * sizeof(float);
  const uint64_t rest = f.a.bytes - half;
  record_scale(f.recorder, f.pipeline, f.a, f.b, 2);
  record_scale(f.recorder, f.pipeline, f.a.part(0, half), f.c.part(0, half), 3);
  record_scale(f.recorder, f.pipeline, f.a.part(half, rest), f.c.part(half, rest), 3);
  const vulkan::Recording recording = f.recorder.finish();
  CHECK(recording.barriers() == 0);
  submit_and_wait(recording);
  CHECK(test::download<float>(f.b) == scaled(2));
  CHECK(test::download<float>(f.c) == scaled(3));
}

TEST_CASE("one barrier serves every earlier access") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  const vulkan::Region d = f.arena.region(f.a.bytes);
  record_scale(f.recorder, f.pipeline, f.a, f.b, 2);
  record_scale(f.recorder, f.pipeline, f.a, f.c, 3);
  record_scale(f.recorder, f.pipeline, f.b, d, 1);
  record_scale(f.recorder, f.pipeline, f.c, f.a, 1);
  const vulkan::Recording recording = f.recorder.finish();
  CHECK(recording.barriers() == 1);
  submit_and_wait(recording);
  CHECK(test::download<float>(d) == scaled(2));
  CHECK(test::download<float>(f.a) == scaled(3));
}

TEST_CASE("copies and fills are ordered like dispatches") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  f.recorder.copy(f.a, f.b);
  record_scale(f.recorder, f.pipeline, f.b, f.c, 4);
  f.recorder.fill(f.b.part(0, 400), 0);
  f.recorder.copy(f.c.part(8, 16), f.b.part(0, 16));
  const vulkan::Recording recording = f.recorder.finish();
  CHECK(recording.barriers() == 3);
  submit_and_wait(recording);
  const std::vector<float> b = test::download<float>(f.b);
  CHECK(test::download<float>(f.c) == scaled(4));
  CHECK(std::vector<float>(b.begin(), b.begin() + 6) == std::vector<float>{8, 12, 16, 20, 0, 0});
  CHECK(b[99] == 0);
  CHECK(b[100] == 100);
}

TEST_CASE("texel buffers read what storage buffers hold") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  const vulkan::Pipeline texel(test::device(), test::scale_description(BindingKind::texel, 7));
  record_scale(f.recorder, f.pipeline, f.a, f.b, 2);
  record_scale(f.recorder, texel, f.b, f.c, 1);
  const vulkan::Recording recording = f.recorder.finish();
  CHECK(recording.barriers() == 1);
  submit_and_wait(recording);
  CHECK(test::download<float>(f.c) == scaled(2, 7));
}

TEST_CASE("a recording is cut by its flops, and on demand") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  vulkan::Recorder recorder(test::device(), {1000, false});
  record_scale(recorder, f.pipeline, f.a, f.b, 2, 600);
  record_scale(recorder, f.pipeline, f.b, f.c, 2, 400);
  record_scale(recorder, f.pipeline, f.c, f.a, 2, 1);
  record_scale(recorder, f.pipeline, f.a, f.b, 2, 5000);
  recorder.cut();
  recorder.cut();
  record_scale(recorder, f.pipeline, f.b, f.c, 2, 1);
  const vulkan::Recording recording = recorder.finish();
  REQUIRE(recording.segments() == 4);
  CHECK(recording.segment_flops(0) == 1000);
  CHECK(recording.segment_flops(1) == 1);
  CHECK(recording.segment_flops(2) == 5000);
  CHECK(recording.segment_flops(3) == 1);
  CHECK(recording.flops() == 6002);
  CHECK(recording.barriers() == 1);  // the others fall on cuts
  submit_and_wait(recording);
  CHECK(test::download<float>(f.c) == scaled(32));
}

TEST_CASE("bytes stand in where there are no flops") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  vulkan::Recorder recorder(test::device(), {1, false});
  record_scale(recorder, f.pipeline, f.a, f.b, 2);
  recorder.fill(f.c, 0);
  const vulkan::Recording recording = recorder.finish();
  REQUIRE(recording.segments() == 2);
  CHECK(recording.segment_flops(0) == 10 * 2 * double(f.a.bytes));
  CHECK(recording.flops() == 0);
}

TEST_CASE("a recording without commands is empty and may be submitted") {
  IMPASTO_REQUIRE_GPU();
  vulkan::Recorder recorder(test::device());
  const vulkan::Recording recording = recorder.finish();
  CHECK(recording.segments() == 0);
  submit_and_wait(recording);
}

TEST_CASE("a recording runs again while it is still pending") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  vulkan::Recorder recorder(test::device(), {1, false});
  record_scale(recorder, f.pipeline, f.a, f.b, 2);
  record_scale(recorder, f.pipeline, f.b, f.a, 1);
  const vulkan::Recording recording = recorder.finish();
  submit_and_wait(recording, 12);
  CHECK(test::download<float>(f.a) == scaled(4096));
}

TEST_CASE("two recordings follow each other in order") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  record_scale(f.recorder, f.pipeline, f.a, f.b, 3);
  const vulkan::Recording first = f.recorder.finish();
  vulkan::Recorder recorder(test::device());
  record_scale(recorder, f.pipeline, f.b, f.a, 1);
  const vulkan::Recording second = recorder.finish();
  vulkan::Queue queue(test::device());
  for (int i = 0; i < 5; ++i) {
    queue.submit(first);
    queue.submit(second);
  }
  queue.wait_all();
  test::require_no_messages();
  CHECK(test::download<float>(f.a) == scaled(243));
}

TEST_CASE("a long recording adds descriptor pools as it needs them") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  const vulkan::Pipeline add(test::device(), test::scale_description(BindingKind::texel, 1));
  vulkan::Recorder recorder(test::device(), {2e9, true});  // timestamps outgrow their pool too
  for (int i = 0; i < 300; ++i) {
    record_scale(recorder, add, f.a, f.b, 1);
    record_scale(recorder, f.pipeline, f.b, f.a, 1);
  }
  const vulkan::Recording recording = recorder.finish();
  CHECK(recording.dispatches() == 600);
  CHECK(recording.barriers() == 599);
  submit_and_wait(recording);
  CHECK(test::download<float>(f.a) == scaled(1, 300));
}

TEST_CASE("times are booked by kind where the device counts them") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  vulkan::Recorder recorder(test::device(), {1e6, true});
  for (int i = 0; i < 200; ++i)
    record_scale(recorder, f.pipeline, i % 2 ? f.b : f.a, i % 2 ? f.a : f.b, 1, 1e4);
  recorder.copy(f.a, f.c);
  const vulkan::Recording recording = recorder.finish();
  CHECK(recording.segments() > 1);
  CHECK(recording.times().empty());  // it has not run
  submit_and_wait(recording, 2);
  const std::vector<vulkan::KindTime> times = recording.times();
  test::require_no_messages();
  if (test::device().caps().timestamp_bits == 0) {
    CHECK(times.empty());
    return;
  }
  REQUIRE(times.size() == 2);
  CHECK(times[0].kind == "scale");
  CHECK(times[0].calls == 200);
  CHECK(times[0].milliseconds > 0);
  CHECK(times[0].milliseconds < 60'000);
  CHECK(times[1].kind == "copy");
  CHECK(times[1].calls == 1);
}

TEST_CASE("a recording made without timestamps has no times") {
  IMPASTO_REQUIRE_GPU();
  Fixture f;
  record_scale(f.recorder, f.pipeline, f.a, f.b, 2);
  const vulkan::Recording recording = f.recorder.finish();
  submit_and_wait(recording);
  CHECK(recording.times().empty());
}
