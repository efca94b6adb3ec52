// How much memory is held for what.
#pragma once

#include "impasto/estimate.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

namespace impasto::plan {

// The lines of a footprint.
constexpr const char* kWeights = "weights";
constexpr const char* kPicture = "picture and gradient";
constexpr const char* kFeatures = "features and their gradients";
constexpr const char* kMasks = "masks and choices";
constexpr const char* kScratch = "scratch of convolutions";
constexpr const char* kStatistics = "statistics and loss terms";
constexpr const char* kContent = "content features";
constexpr const char* kMap = "what the deep layers read";
constexpr const char* kOptimizer = "optimizer";
constexpr const char* kAverage = "average picture";
constexpr const char* kReports = "reports";
constexpr const char* kGaps = "gaps between them";

using Footprint = std::vector<MemoryUse>;  // each line once

// Bytes that a device takes for a buffer of so many.
using Rounding = std::function<uint64_t(uint64_t)>;

inline void add_to(Footprint& footprint, std::string_view what, uint64_t bytes) {
  if (bytes == 0) return;
  const auto line = std::find_if(footprint.begin(), footprint.end(),
                                 [&](const MemoryUse& use) { return use.what == what; });
  if (line == footprint.end())
    footprint.push_back({std::string(what), bytes});
  else
    line->bytes += bytes;
}

inline void add_to(Footprint& footprint, const Footprint& more) {
  for (const MemoryUse& use : more) add_to(footprint, use.what, use.bytes);
}

inline uint64_t total(const Footprint& footprint) {
  uint64_t sum = 0;
  for (const MemoryUse& use : footprint) sum += use.bytes;
  return sum;
}

inline uint64_t sum_of(const std::vector<uint64_t>& buffers, const Rounding& rounding) {
  uint64_t sum = 0;
  for (const uint64_t bytes : buffers) sum += rounding(bytes);
  return sum;
}

}  // namespace impasto::plan
