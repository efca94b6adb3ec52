// What a stage will hold on the device, to the byte, before it is made.
#pragma once

#include "plan/footprint.h"
#include "plan/objective.h"
#include "session/start.h"

#include <vector>

namespace impasto::session {

enum class Purpose { iterations, evaluation };

// How a stage is made to fit.
struct StageLayout {
  plan::Tiling tiling;
  bool optimizer_on_host = false;  // its vectors, which a step reads and writes once
  bool operator==(const StageLayout&) const = default;
};

struct StagePlan {
  StageLayout layout;
  uint64_t device_bytes = 0;  // at its peak, with the network's weights
  uint64_t host_bytes = 0;    // of the optimiser's vectors where they are the host's
  uint64_t whole_bytes = 0;   // what that would be without tiles; 0 when the device cannot do that
  plan::Footprint memory;     // while it iterates
};

struct PictureSizes {
  Size content;
  std::vector<Size> styles;
};

// Of a stage as StageRun makes it on this device, or of an evaluation. Throws Error(budget) when one value alone is larger than the
// device allocates.
StagePlan plan_stage(const vulkan::Device& device, const plan::DeviceNetwork& network, const Recipe& recipe,
                     const PictureSizes& sizes, const StageLayout& layout, Purpose purpose);

struct MemoryLimits {
  uint64_t device = UINT64_MAX;
  uint64_t host = UINT64_MAX;  // for what the device does not hold; of both where they share it
  bool shared = false;
};

// The same with pictures whole where that stays within the limits, else in the layout with which it does and that makes the least
// work, after `first` when there is one; a tile that is not kAutomaticTile is taken as it is. Throws Error(budget) when nothing fits.
StagePlan fit_stage(const vulkan::Device& device, const plan::DeviceNetwork& network, const Recipe& recipe,
                    const PictureSizes& sizes, int tile, const MemoryLimits& limits, Purpose purpose,
                    const StageLayout* first = nullptr);

// The buffers that a stage has beside those of its objective and its optimiser.
struct ReportBytes {
  uint64_t state = 0;
  uint64_t report = 0;
  uint64_t ring = 0;
};
ReportBytes report_bytes(const Recipe& recipe);
constexpr int kRingSlots = 16;  // more than are ever under way

}  // namespace impasto::session
