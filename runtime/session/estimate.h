// What a job will hold and how long it will take: the whole run, before it begins.
#pragma once

#include "impasto/estimate.h"
#include "session/stage_plan.h"

namespace impasto::session {

// Of the job's picture files, from their headers. Throws Error(input).
PictureSizes job_sizes(const Job& job);

// On this device, with the network's first layers. before: the stages' layouts in another process, taken again where they fit, so that
// the run's bits stay the same. Throws Error(budget) when there is not memory enough.
Estimate estimate(const Job& job, const PictureSizes& sizes, const vulkan::Device& device,
                  const plan::DeviceNetwork& network, const std::vector<StageLayout>& before = {});

Estimate estimate(const Job& job, const vulkan::DeviceOptions& options);

}  // namespace impasto::session
