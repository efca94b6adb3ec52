// What a job will hold and how long it will take: the whole run, before it begins.
#pragma once

#include "impasto/estimate.h"
#include "session/stage_plan.h"

namespace impasto::session {

// Of the job's picture files, from their headers. Throws Error(input).
PictureSizes job_sizes(const Job& job);

// On this device, with the network's first layers. Throws Error(budget) when there is not memory enough.
Estimate estimate(const Job& job, const PictureSizes& sizes, const vulkan::Device& device,
                  const plan::DeviceNetwork& network);

Estimate estimate(const Job& job, const vulkan::DeviceOptions& options);

}  // namespace impasto::session
