// Names snapshots and sees to it that none is in the way.
#include "snapshots.h"

#include "impasto/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace impasto::cli {

std::filesystem::path snapshot_file(const std::filesystem::path& output, int iteration) {
  std::filesystem::path name = output.stem();
  name += fmt::format("_{}", iteration);
  name += output.extension();
  return output.parent_path() / name;
}

std::filesystem::path checkpoint_file(const Job& job) {
  if (!job.checkpoint.empty()) return job.checkpoint;
  std::filesystem::path file = job.output;
  file += ".checkpoint";
  return file;
}

bool is_snapshot(const Job& job, int iteration) {
  const std::vector<int>& own = job.recipe.snapshots;
  return (job.save_every > 0 && iteration % job.save_every == 0) ||
         std::find(own.begin(), own.end(), iteration) != own.end();
}

void check_snapshots(const Job& job, int iterations) {
  if (job.overwrite || !job.resume.empty() || (job.save_every == 0 && job.recipe.snapshots.empty())) return;
  for (int i = 1; i < iterations; ++i) {
    if (!is_snapshot(job, i)) continue;
    const std::filesystem::path file = snapshot_file(job.output, i);
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored))
      throw Error(ErrorKind::input,
                  fmt::format("cannot write '{}': it exists; use --overwrite or choose another output",
                              file.string()));
  }
}

}  // namespace impasto::cli
