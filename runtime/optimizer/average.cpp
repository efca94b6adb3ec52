// Allocates the average and records how it takes in a step.
#include "optimizer/average.h"

#include "kernels/average.h"
#include "optimizer/pieces.h"

namespace impasto {
namespace {

constexpr uint64_t kSumBytes = 16;

}  // namespace

Average::Average(kernels::Library& library, double decay, int64_t elements)
    : decay_(decay),
      pieces_(cut_into_pieces(library.caps(), elements)),
      value_(std::make_shared<vulkan::Buffer>(library.device(), uint64_t(elements) * sizeof(float),
                                              vulkan::MemoryKind::device)),
      sum_(library.device(), kSumBytes, vulkan::MemoryKind::device) {}

std::vector<uint64_t> Average::buffers_for(int64_t elements) {
  return {uint64_t(elements) * sizeof(float), kSumBytes};
}

void Average::record(kernels::Context& context, const vulkan::Region& variable) const {
  kernels::average_advance(context, static_cast<float>(decay_), sum_.all());
  for (const kernels::Span& piece : pieces_)
    kernels::average(context, piece.count, piece_of(variable, piece), piece_of(value(), piece), sum_.all());
}

void Average::reset(std::span<const float> start) {
  const float sum[kSumBytes / sizeof(float)] = {1};
  vulkan::upload(value(), std::as_bytes(start));
  vulkan::upload(sum_.all(), std::as_bytes(std::span(sum)));
}

}  // namespace impasto
