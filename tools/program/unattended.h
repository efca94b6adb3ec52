// What commands that make many pictures share: how they are told of, interrupted, and ended.
#pragma once

#include "impasto/batch.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace impasto::cli {

struct UnattendedFlags {
  std::string progress = "auto";
  bool resume = false;
  bool quiet = false;
};

void add_unattended_flags(CLI::App& command, UnattendedFlags& flags);

// The words between commas.
std::vector<std::string> parts_of(const std::string& text);

using RunItems = std::function<std::vector<ItemResult>(const std::vector<Job>&, const std::filesystem::path&,
                                                       const BatchOptions&)>;

// Runs the jobs, tells of them and writes the report; options: devices and shard. Returns the exit code, or throws Error.
int run_unattended(const std::vector<Job>& jobs, const std::filesystem::path& folder, BatchOptions options,
                   const UnattendedFlags& flags, const RunItems& run);

}  // namespace impasto::cli
