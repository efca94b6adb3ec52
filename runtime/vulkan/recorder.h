// Records dispatches once, into segments short enough for any driver, with a barrier exactly where two
// accesses collide.
#pragma once

#include "memory.h"
#include "pipeline.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace impasto::vulkan {

enum class Access : uint8_t { read, write, read_write };

struct Binding {
  Region region;
  Access access = Access::read;
  BindingKind kind = BindingKind::storage;  // texel bindings are read only
  Element element = Element::fp32;          // where the shader sees texels
};

struct Dispatch {
  const Pipeline* pipeline = nullptr;
  std::vector<Binding> bindings;
  std::span<const std::byte> push;
  std::array<uint32_t, 3> groups{1, 1, 1};
  const char* kind = "";  // what the time is booked under, a string literal: "convolution", "gram", …
  double flops = 0;       // counted as direct convolution; what segments are cut by and rates are made from
  double bytes = 0;       // read and written; stands in for flops where there are none
};

// What one kind of kernel cost in one run of a recording.
struct KindTime {
  std::string kind;
  double milliseconds = 0;
  int calls = 0;
  double processor_milliseconds = 0;  // of this process, where somebody measured it
};

// Command buffers that can be submitted again and again, in order. Owns everything they refer to but
// pipelines and buffers.
class Recording {
 public:
  ~Recording();
  Recording(Recording&&) noexcept;
  Recording& operator=(Recording&&) noexcept;

  size_t segments() const;
  VkCommandBuffer segment(size_t index) const;
  const char* segment_kind(size_t index) const;  // of its first command
  double segment_flops(size_t index) const;      // what it was cut by; ten a byte where there are none
  double flops() const;                          // of the dispatches, without stand-ins
  int dispatches() const;
  int barriers() const;  // where two accesses collide; those that open and close a segment are not counted

  // Of the last finished run of a recording made with RecorderOptions::timestamps; empty otherwise. Copies
  // and fills are booked under "copy" and "fill".
  std::vector<KindTime> times() const;

 private:
  friend class Recorder;
  friend class Queue;
  struct State;
  explicit Recording(std::unique_ptr<State> state);
  void mark_submitted(size_t index) const;
  std::unique_ptr<State> state_;
};

struct RecorderOptions {
  double segment_flops = 2e9;  // a new segment begins when this would be passed; one dispatch is never split
  bool timestamps = false;     // book the time of each dispatch under its kind (needs caps.timestamp_bits)
};

class Recorder {
 public:
  explicit Recorder(Device& device, RecorderOptions options = {});
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  Device& device() const;

  // Asserts that the bindings match the pipeline, ranges and alignments obey the caps and no group count is 0
  // or too large.
  void dispatch(const Dispatch& dispatch);
  void copy(const Region& from, const Region& to);
  void fill(const Region& region, uint32_t word);
  void cut();  // begin a new segment here

  Recording finish();  // the recorder is used up

 private:
  struct Progress;
  void open_segment();
  VkCommandBuffer prepare(std::span<const Binding> accesses, double cost, const char* kind);
  void conclude();
  bool stamped() const;

  std::unique_ptr<Recording::State> state_;
  std::unique_ptr<Progress> progress_;
};

}  // namespace impasto::vulkan
