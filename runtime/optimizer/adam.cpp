// Allocates Adam's moments and records its steps.
#include "optimizer/adam.h"

#include "impasto/image.h"
#include "kernels/adam.h"
#include "optimizer/pieces.h"

#include <cstring>
#include <span>
#include <utility>

namespace impasto {
namespace {

int flags_of(const std::vector<kernels::Span>& pieces) {
  int flags = 0;
  for (const kernels::Span& piece : pieces) flags += kernels::adam_flags(piece.count);
  return flags;
}

// A double as the sum of two floats, to 48 bits.
std::pair<float, float> in_two_floats(double value) {
  const float high = static_cast<float>(value);
  return {high, static_cast<float>(value - high)};
}

shared::AdamAdvance advance_push(const OptimizerConvention& convention, int flags) {
  const auto [beta1, beta1_low] = in_two_floats(convention.beta1);
  const auto [beta2, beta2_low] = in_two_floats(convention.beta2);
  return {beta1, beta1_low, beta2, beta2_low, flags};
}

shared::AdamStep step_push(const OptimizerConvention& convention, int64_t elements) {
  return {static_cast<int>(elements),
          static_cast<float>(convention.beta1),
          static_cast<float>(convention.beta2),
          static_cast<float>(1 - convention.beta1),
          static_cast<float>(1 - convention.beta2),
          static_cast<float>(convention.epsilon),
          static_cast<float>(convention.variable_range)};
}

}  // namespace

Adam::Adam(kernels::Library& library, const OptimizerConvention& convention, int64_t elements,
           vulkan::MemoryKind home)
    : Optimizer(library.device(), convention.learning_rate),
      convention_(convention),
      pieces_(cut_into_pieces(library.caps(), elements)),
      control_(library.device(), kernels::adam_control_bytes(flags_of(pieces_)), vulkan::MemoryKind::device) {
  moments_.reserve(pieces_.size());
  for (const kernels::Span& piece : pieces_)
    moments_.emplace_back(library.device(), uint64_t(piece.count) * kPairBytes, home);
  reset();
}

void Adam::record(kernels::Context& context, const vulkan::Region& variable, const vulkan::Region& gradient,
                  const vulkan::Region& /*losses*/) const {
  const vulkan::Region control = control_.all();
  int flags = 0;
  for (const kernels::Span& piece : pieces_) {
    kernels::adam_check(context, piece_of(gradient, piece), piece.count, flags, control);
    flags += kernels::adam_flags(piece.count);
  }
  kernels::adam_advance(context, advance_push(convention_, flags), convention_.epsilon_hat, control,
                        parameters().region());
  for (size_t i = 0; i < pieces_.size(); ++i)
    kernels::adam_step(context, step_push(convention_, pieces_[i].count), convention_.clamp,
                       piece_of(variable, pieces_[i]), piece_of(gradient, pieces_[i]), moments_[i].all(),
                       control);
}

void Adam::reset() {
  shared::AdamState start{};
  start.scale = 1;
  start.power1_high = 1;
  start.power2_high = 1;
  vulkan::upload(control_.all().part(0, sizeof start), std::as_bytes(std::span(&start, 1)));
}

std::vector<vulkan::Region> Adam::state() const {
  std::vector<vulkan::Region> regions{control_.all().part(0, sizeof(shared::AdamState))};
  for (const vulkan::Buffer& buffer : moments_) regions.push_back(buffer.all());
  return regions;
}

bool Adam::accepts(std::span<const float> first_region) const {
  return first_region.size_bytes() == sizeof(shared::AdamState);  // nothing in it is an index
}

// As style-transfer-pytorch does (K. Crowson, scale_adam): the count goes on, m is resampled by bicubic interpolation and v by
// bilinear, which keeps it above 0. An objective of means has a gradient that shrinks as the pixels grow in number.
std::vector<std::vector<float>> Adam::resized(const std::vector<std::vector<float>>& state, PictureSize from,
                                              PictureSize to) const {
  Image first{from.width, from.height, {}, {}}, second = first;
  for (size_t i = 1; i < state.size(); ++i)
    for (size_t at = 0; at < state[i].size(); at += 2) {
      first.rgb.push_back(state[i][at]);
      second.rgb.push_back(state[i][at + 1]);
    }
  first = resample(first, to.width, to.height, Filter::bicubic);
  second = resample(second, to.width, to.height, Filter::bilinear);
  const auto shrink = static_cast<float>(double(from.width) * from.height / (double(to.width) * to.height));
  shared::AdamState counts{};
  std::memcpy(&counts, state.front().data(), sizeof counts);
  counts.status = {counts.status.steps, 0, 0, shared::kStepTaken, 0};
  counts.scale = 1;
  counts.step_size = 0;  // no step of this size can be taken back
  std::vector<std::vector<float>> result{std::vector<float>(sizeof counts / sizeof(float))};
  std::memcpy(result.front().data(), &counts, sizeof counts);
  for (const kernels::Span& piece : pieces_) {
    std::vector<float>& moments = result.emplace_back();
    for (int64_t i = piece.first; i < piece.first + piece.count; ++i) {
      moments.push_back(first.rgb[size_t(i)] * shrink);
      moments.push_back(second.rgb[size_t(i)] * shrink * shrink);
    }
  }
  return result;
}

vulkan::Region Adam::status() const {
  return control_.all().part(0, sizeof(shared::OptimizerStatus));
}

uint64_t Adam::bytes() const {
  uint64_t sum = kParameterBytes + control_.bytes();
  for (const vulkan::Buffer& buffer : moments_) sum += buffer.bytes();
  return sum;
}

std::vector<uint64_t> Adam::buffers_for(const vulkan::Caps& caps, int64_t elements) {
  const std::vector<kernels::Span> pieces = cut_into_pieces(caps, elements);
  std::vector<uint64_t> buffers{kParameterBytes, kernels::adam_control_bytes(flags_of(pieces))};
  for (const kernels::Span& piece : pieces) buffers.push_back(uint64_t(piece.count) * kPairBytes);
  return buffers;
}

}  // namespace impasto
