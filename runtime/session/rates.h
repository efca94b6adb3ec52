// How fast devices have run networks so far, kept between runs.
#pragma once

#include "vulkan/caps.h"

#include <filesystem>
#include <string>

namespace impasto::session {

// plan::iteration_flops a second on a device with this driver, as the last run that was long enough had it; 0 when there was none.
double known_rate(const std::filesystem::path& cache, const vulkan::Caps& caps, const std::string& model);

// Never throws: a rate that is not kept costs an answer only.
void keep_rate(const std::filesystem::path& cache, const vulkan::Caps& caps, const std::string& model,
               double rate) noexcept;

}  // namespace impasto::session
