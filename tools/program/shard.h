// Which share of a batch is this process's.
#pragma once

#include "impasto/batch.h"

#include <string>

namespace impasto::cli {

// "K/N" with K from 1; "auto" and "auto/N" take K from SLURM_ARRAY_TASK_ID, or JOB_COMPLETION_INDEX of Kubernetes, and "auto" N from
// SLURM_ARRAY_TASK_COUNT or JOB_COMPLETIONS; nothing is everything. Throws Error(usage).
Shard parse_shard(const std::string& text);

}  // namespace impasto::cli
