// Measures which matrix products a device runs fastest, and keeps the answer for the next time.
#pragma once

#include "impasto/bench.h"
#include "kernels/library.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

namespace impasto::session {

struct TuningReport {
  kernels::Tuning tuning;
  std::vector<BenchTrial> trials;  // empty where there is nothing to choose
};

// Times a convolution with each kernel that the device has a choice of, until `limit` is reached; what was not measured by then keeps its
// default, and so does what another kernel does not beat by 3 %.
TuningReport tune(const kernels::Library& library, std::chrono::duration<double> limit);

// What was kept for this device, its driver and these shaders; none when there is nothing, or nothing that can be believed.
std::optional<kernels::Tuning> known_tuning(const std::filesystem::path& cache, const vulkan::Caps& caps);

// Throws Error(input) when the file cannot be written.
void keep_tuning(const std::filesystem::path& cache, const vulkan::Caps& caps, const kernels::Tuning& tuning);

// What was kept, or, when this GPU is used for the first time, what it takes at most `limit` to measure; that is kept. The defaults
// where nothing can be kept, where there is no memory for it, and on software drivers. Throws vulkan::Error when the device is lost;
// the next time it has the defaults.
kernels::Tuning tuning_of(const kernels::Library& library, const std::filesystem::path& cache,
                          std::chrono::duration<double> limit);

}  // namespace impasto::session
