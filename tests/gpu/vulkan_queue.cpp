// Tickets: counted by submission, done in order, waited for one by one or all together.
#include "catch.h"
#include "support/gpu.h"
#include "support/scale.h"

#include <vector>

namespace {

using namespace impasto;

// b = a + 1 and back again, in two segments.
struct Counter {
  test::Arena arena;
  vulkan::Region a = arena.region(std::vector<float>(64, 0.0f));
  vulkan::Region b = arena.region(64 * sizeof(float));
  vulkan::Pipeline add{test::device(), test::scale_description(vulkan::BindingKind::storage, 1)};
  vulkan::Recording recording = record();

  vulkan::Recording record() {
    vulkan::Recorder recorder(test::device());
    test::record_scale(recorder, add, a, b, 1);
    recorder.cut();
    test::record_scale(recorder, add, b, a, 1);
    return recorder.finish();
  }
  float value() const { return test::download<float>(a)[0]; }
};

}  // namespace

TEST_CASE("each segment is a submission with a ticket of its own") {
  IMPASTO_REQUIRE_GPU();
  Counter counter;
  vulkan::Queue queue(test::device());
  CHECK(queue.submit(counter.recording) == 2);
  CHECK(queue.submit_segment(counter.recording, 0) == 3);
  CHECK(queue.submit_segment(counter.recording, 1) == 4);
  queue.wait(3);
  CHECK(queue.done(3));
  queue.wait_all();
  CHECK(queue.done(4));
  CHECK(counter.value() == 4);
}

TEST_CASE("a ring of any length runs everything in order") {
  IMPASTO_REQUIRE_GPU();
  for (const uint32_t in_flight : {1u, 2u, 8u}) {
    Counter counter;
    vulkan::Queue queue(test::device(), in_flight);
    for (int i = 0; i < 20; ++i) queue.submit(counter.recording);
    queue.wait_all();
    CHECK(counter.value() == 40);
  }
  test::require_no_messages();
}

TEST_CASE("done becomes true without waiting") {
  IMPASTO_REQUIRE_GPU();
  Counter counter;
  vulkan::Queue queue(test::device());
  CHECK(queue.done(0));
  const vulkan::Ticket ticket = queue.submit(counter.recording);
  while (!queue.done(ticket)) continue;
  CHECK(counter.value() == 2);
}

TEST_CASE("a queue waits for its submissions when it goes") {
  IMPASTO_REQUIRE_GPU();
  Counter counter;
  {
    vulkan::Queue queue(test::device());
    for (int i = 0; i < 3; ++i) queue.submit(counter.recording);
  }
  CHECK(counter.value() == 6);
  test::require_no_messages();
}
