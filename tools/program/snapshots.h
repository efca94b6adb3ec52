// Pictures saved on the way, beside the result.
#pragma once

#include "impasto/job.h"

#include <filesystem>

namespace impasto::cli {

// "dir/result_100.png" for "dir/result.png" after iteration 100.
std::filesystem::path snapshot_file(const std::filesystem::path& output, int iteration);

// Where an interrupted run's state goes when no flag says so: "dir/result.png.checkpoint".
std::filesystem::path checkpoint_file(const Job& job);

// Whether the picture after this iteration is kept: one in job.save_every, and those that the recipe's authors keep.
bool is_snapshot(const Job& job, int iteration);

// Throws Error(input) when a snapshot of this job, which has so many iterations, would meet a file that exists and must not be
// overwritten.
void check_snapshots(const Job& job, int iterations);

}  // namespace impasto::cli
