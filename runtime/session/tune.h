// Measures which matrix products a device runs fastest, and keeps the answer for the next time.
#pragma once

#include "impasto/bench.h"
#include "kernels/library.h"

#include <chrono>
#include <filesystem>
#include <vector>

namespace impasto::session {

struct TuningReport {
  kernels::Tuning tuning;
  std::vector<BenchTrial> trials;  // empty where there is nothing to choose
};

// Times a convolution with each kernel that the device has a choice of, until `limit` is reached; what was not measured by then keeps its
// default, and so does what another kernel does not beat by 3 %.
TuningReport tune(const kernels::Library& library, std::chrono::duration<double> limit);

// What was kept for this device, its driver and these shaders; empty when there is nothing, or nothing that can be believed.
kernels::Tuning known_tuning(const std::filesystem::path& cache, const vulkan::Caps& caps);

// Throws Error(input) when the file cannot be written.
void keep_tuning(const std::filesystem::path& cache, const vulkan::Caps& caps, const kernels::Tuning& tuning);

}  // namespace impasto::session
