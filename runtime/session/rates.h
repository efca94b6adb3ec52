// How fast devices have run networks so far, kept between runs.
#pragma once

#include "vulkan/caps.h"

#include <filesystem>
#include <string>

namespace impasto::session {

// plan::iteration_flops a second on a device with this driver, as the last run that was large enough had it; 0 when there was none, or
// only such small ones that they say nothing of an iteration of so many operations.
double known_rate(const std::filesystem::path& cache, const vulkan::Caps& caps, const std::string& model,
                  double iteration_flops);

// A run of less than half of another's operations an iteration says little of how long that one takes: its rate does not replace the
// other's. Never throws: a rate that is not kept costs an answer only.
void keep_rate(const std::filesystem::path& cache, const vulkan::Caps& caps, const std::string& model,
               double rate, double iteration_flops) noexcept;

}  // namespace impasto::session
