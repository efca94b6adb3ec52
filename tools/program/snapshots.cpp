// Names snapshots and sees to it that none is in the way.
#include "snapshots.h"

#include "impasto/error.h"

#include <fmt/format.h>

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

void check_snapshots(const Job& job) {
  if (job.save_every == 0 || job.overwrite || !job.resume.empty()) return;
  int64_t iterations = 0;
  for (const Stage& stage : job_stages(job)) iterations += stage.iterations;
  for (int64_t i = job.save_every; i < iterations; i += job.save_every) {
    const std::filesystem::path file = snapshot_file(job.output, static_cast<int>(i));
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored))
      throw Error(ErrorKind::input,
                  fmt::format("cannot write '{}': it exists; use --overwrite or choose another output",
                              file.string()));
  }
}

}  // namespace impasto::cli
