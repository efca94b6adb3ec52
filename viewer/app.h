// The whole viewer as a function.
#pragma once

#include "impasto/job.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace impasto::viewer {

struct Options {
  Job job;
  std::string recipe;                    // as --recipe names it; empty: what the job came with
  bool size_given = false;               // else the remembered one is taken,
  bool recipe_given = false;             // likewise; or anything that changes one
  bool paint = false;                    // at once
  bool validation = false;               // messages go to standard error
  uint64_t snapshot_bytes = 1ull << 30;  // of the host's memory, that all snapshots may take
  std::filesystem::path marks;           // see marks.h
};

// Until the window is closed. Throws Error when it cannot be opened, or its device cannot be brought back.
void run(const Options& options);

}  // namespace impasto::viewer
