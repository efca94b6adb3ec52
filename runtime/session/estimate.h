// What a job will hold and how long it will take: the whole run, before it begins.
#pragma once

#include "impasto/estimate.h"
#include "session/stage_plan.h"

#include <string>

namespace impasto::session {

// Of the job's picture files, from their headers. Throws Error(input).
PictureSizes job_sizes(const Job& job);

// On this device; of a job that leaves its precision open the estimate's is chosen. before: the stages' layouts in another process, taken
// again where they fit, so that the run's bits stay the same. Throws Error(budget) when there is not memory enough.
Estimate estimate(const Job& job, const PictureSizes& sizes, const vulkan::Device& device,
                  const network::Network& network, const std::vector<StageLayout>& before = {});

Estimate estimate(const Job& job, const vulkan::DeviceOptions& options);

// All that is left now, for a stage of no job.
MemoryLimits free_memory(const vulkan::Device& device);

// What a device's rate on such a run is kept under.
std::string rate_name(const Estimate& estimate);

}  // namespace impasto::session
