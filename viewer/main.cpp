// The program impasto-viewer.
#include "app.h"
#include "flag_values.h"
#include "impasto/error.h"
#include "job_flags.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <string>
#include <vector>

namespace {

using impasto::viewer::Options;

int run(int argc, char** argv) {
  CLI::App app("Watch a picture being painted, and steer it", "impasto-viewer");
  impasto::cli::JobFlags flags;
  Options options;
  std::string marks, snapshot_memory;
  std::vector<std::string> files;
  impasto::cli::add_input_flags(app, flags);
  impasto::cli::add_objective_flags(app, flags);
  impasto::cli::add_run_flags(app, flags);
  app.add_option("files", files,
                 "The photograph, then paintings: what is not named by --content and --style");
  app.add_flag("--paint", options.paint, "Begin at once");
  app.add_option("--snapshot-memory", snapshot_memory,
                 "Memory that snapshots may take before some make room; 1G unless given")
      ->option_text("1G|256M|...");
  app.add_flag("--validation", options.validation,
               "Report what Vulkan's validation layers say, for developers");
  app.add_option("--marks", marks,
                 "Keep a description of the window in this file, for programs that drive it")
      ->option_text("FILE.json");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : int(impasto::ErrorKind::usage);
  }
  options.marks = marks;
  if (!snapshot_memory.empty())
    options.snapshot_bytes = impasto::cli::parse_bytes("--snapshot-memory", snapshot_memory);
  options.job = impasto::cli::make_job(flags);
  for (const std::string& file : files) {
    if (options.job.content.empty())
      options.job.content = file;
    else
      options.job.styles.push_back({file, 1});
  }
  options.recipe = flags.recipe;
  options.size_given = flags.size.has_value() || !flags.job.empty();
  options.recipe_given = !(options.job.recipe == impasto::Job{}.recipe);
  impasto::viewer::run(options);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const impasto::Error& error) {
    fmt::print(stderr, "impasto-viewer: {}\n", error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    fmt::print(stderr, "impasto-viewer: {}\n", error.what());
    return int(impasto::ErrorKind::device);
  }
}
