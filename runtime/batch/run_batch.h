// The batch behind impasto/batch.h, on devices opened as the caller says.
#pragma once

#include "impasto/batch.h"
#include "vulkan/device.h"

#include <filesystem>
#include <vector>

namespace impasto::batch {

std::vector<ItemResult> run_batch(const std::vector<Job>& jobs, const std::filesystem::path& folder,
                                  const BatchOptions& options,
                                  const std::vector<vulkan::DeviceOptions>& devices);

}  // namespace impasto::batch
