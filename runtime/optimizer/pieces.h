// How a flat vector is cut so that two vectors of a piece, side by side, fit one binding and one allocation.
#pragma once

#include "kernels/spans.h"
#include "vulkan/memory.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace impasto {

constexpr uint64_t kPairBytes = 8;  // of an element in two vectors
constexpr int64_t kPieceElements =
    1024;  // a piece begins at a multiple of them, which keeps bindings aligned

inline vulkan::Caps allocatable(vulkan::Caps caps) {
  caps.max_storage_range = std::min(caps.max_storage_range, caps.max_allocation);
  return caps;
}

inline std::vector<kernels::Span> cut_into_pieces(const vulkan::Caps& caps, int64_t elements) {
  return kernels::spans(allocatable(caps), elements, {kPairBytes, kPieceElements});
}

// The floats of a piece.
inline vulkan::Region piece_of(const vulkan::Region& vector, const kernels::Span& piece) {
  return vector.part(uint64_t(piece.first) * sizeof(float), uint64_t(piece.count) * sizeof(float));
}

}  // namespace impasto
