// impasto sequence: the frames of a film, each following the one before.
#include "impasto/sequence.h"

#include "commands.h"
#include "job_flags.h"
#include "unattended.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace impasto::cli {
namespace {

struct SequenceFlags {
  JobFlags job;
  SequenceRequest request;
  std::string out;
  UnattendedFlags unattended;
};

int run_sequence_command(const SequenceFlags& flags) {
  SequenceRequest request = flags.request;
  request.out = flags.out;
  JobFlags job = flags.job;
  job.device.reset();
  request.job = make_job(job);
  BatchOptions options;
  if (flags.job.device) options.devices = {*flags.job.device};
  return run_unattended(sequence_jobs(request), request.out, options, flags.unattended, run_sequence);
}

void add_frame_flags(CLI::App& command, SequenceFlags& flags) {
  const std::string group = "Pictures";
  command.add_option("--job", flags.job.job, "Settings of every frame from a JSON file; flags override them")
      ->option_text("FILE.json");
  command.add_option("--frames", flags.request.frames, "The frames, in the order of their numbers")
      ->option_text("FOLDER|GLOB|FILE|LIST.txt ...")
      ->group(group);
  add_style_flag(command, flags.job);
  command.add_option("--out", flags.out, "The folder of the results")->option_text("FOLDER")->group(group);
  command.add_option("--name", flags.request.name, "Of a result, from {frame} and {index}")
      ->option_text("PATTERN")
      ->group(group);
}

void add_flow_flags(CLI::App& command, SequenceRequest& request) {
  const std::string group = "Flow";
  command
      .add_option("--flow", request.flow,
                  "Optical flow from {frame} to the one before, .flo or .exr; computed unless given")
      ->option_text("PATTERN")
      ->group(group);
  command
      .add_option("--forward-flow", request.forward_flow,
                  "Optical flow from {before} to {frame}: where they disagree neither is believed")
      ->option_text("PATTERN")
      ->group(group);
  command
      .add_option("--temporal-strength", request.temporal_strength,
                  "How strongly a frame is pulled to the one before; 0 is not at all")
      ->option_text("S")
      ->group(group);
}

}  // namespace

void add_sequence(CLI::App& app, Action& chosen) {
  const auto flags = std::make_shared<SequenceFlags>();
  CLI::App* command = app.add_subcommand("sequence", "The frames of a film, each following the one before");
  add_frame_flags(*command, *flags);
  add_flow_flags(*command, flags->request);
  add_objective_flags(*command, flags->job);
  add_start_flags(*command, flags->job);
  add_unattended_flags(*command, flags->unattended);
  command->callback([flags, &chosen] { chosen = [flags] { return run_sequence_command(*flags); }; });
}

}  // namespace impasto::cli
