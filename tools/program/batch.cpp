// impasto batch: every content with every style under every setting.
#include "impasto/batch.h"

#include "commands.h"
#include "flag_values.h"
#include "impasto/error.h"
#include "job_flags.h"
#include "shard.h"
#include "unattended.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace impasto::cli {
namespace {

struct BatchFlags {
  JobFlags job;
  std::string file;
  std::vector<std::string> contents;
  std::vector<std::string> styles;
  std::string out;
  std::string name;
  std::vector<std::string> sweeps;
  std::string shard;
  UnattendedFlags unattended;
};

// "style-strength=0.5,1,2".
Sweep parse_sweep(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error(ErrorKind::usage, fmt::format("--sweep {}: is not SETTING=VALUE,VALUE,...", text));
  return {text.substr(0, equals), parts_of(text.substr(equals + 1))};
}

BatchRequest request_of(const BatchFlags& flags) {
  BatchRequest request = flags.file.empty() ? BatchRequest{} : load_batch(flags.file);
  if (!flags.contents.empty()) request.contents = flags.contents;
  if (!flags.styles.empty()) request.styles = flags.styles;
  if (!flags.out.empty()) request.out = flags.out;
  if (!flags.name.empty()) request.name = flags.name;
  if (!flags.sweeps.empty()) request.sweeps.clear();
  for (const std::string& sweep : flags.sweeps) request.sweeps.push_back(parse_sweep(sweep));
  JobFlags job = flags.job;
  job.device.reset();  // the workers', not the items'
  request.job = with_flags(request.job, job);
  return request;
}

int run_batch_command(const BatchFlags& flags) {
  const BatchRequest request = request_of(flags);
  const std::vector<Job> jobs = batch_jobs(request);
  BatchOptions options;
  if (flags.job.device) options.devices = parts_of(*flags.job.device);
  options.shard = parse_shard(flags.shard);
  return run_unattended(jobs, request.out, options, flags.unattended, run_batch);
}

CLI::Option* add_many(CLI::App& command, const char* flag, std::vector<std::string>& values,
                      const char* what) {
  return command.add_option(flag, values, what)
      ->option_text("FOLDER|GLOB|FILE|LIST.txt ...")
      ->group("Pictures");
}

}  // namespace

void add_batch(CLI::App& app, Action& chosen) {
  const auto flags = std::make_shared<BatchFlags>();
  CLI::App* command = app.add_subcommand("batch", "Every content with every style under every setting");
  command->add_option("--job", flags->file, "The batch from a JSON file; flags override it")
      ->option_text("FILE.json");
  add_many(*command, "--contents", flags->contents, "The photographs");
  add_many(*command, "--styles", flags->styles, "The paintings");
  command->add_option("--out", flags->out, "The folder of the results")
      ->option_text("FOLDER")
      ->group("Pictures");
  command
      ->add_option("--name", flags->name,
                   "Of a result, from {content}, {style}, {index} and what is swept over")
      ->option_text("PATTERN")
      ->group("Pictures");
  command->add_option("--sweep", flags->sweeps, "Values to try for a setting; repeat the flag for several")
      ->option_text("SETTING=V,V,...")
      ->allow_extra_args(false)
      ->group("Recipe");
  add_objective_flags(*command, flags->job);
  add_start_flags(*command, flags->job);
  command
      ->add_option("--shard", flags->shard,
                   "Every N-th item from the K-th; auto asks the scheduler's environment")
      ->option_text("K/N|auto[/N]")
      ->group("Run");
  add_unattended_flags(*command, flags->unattended);
  command->callback([flags, &chosen] { chosen = [flags] { return run_batch_command(*flags); }; });
}

}  // namespace impasto::cli
