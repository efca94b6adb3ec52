// The flags that fill in a job, shared by the commands that take one.
#pragma once

#include "impasto/job.h"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace impasto::cli {

// What was given; a flag that was not leaves the job as it is.
struct JobFlags {
  std::string job;
  std::string content;
  std::vector<std::string> styles;
  std::string output;

  std::optional<int> size;
  std::optional<double> style_scale;
  std::optional<int> style_size;
  std::string init;
  std::string seed;  // text, because the parser of flags takes -1 for the largest number

  std::string recipe;
  std::optional<double> style_strength;
  std::optional<int> iterations;
  std::optional<double> content_weight;
  std::optional<double> style_weight;
  std::optional<double> tv_weight;
  std::optional<std::string> content_layers;
  std::optional<std::string> style_layers;
  std::string optimizer;
  std::optional<double> learning_rate;
  std::optional<int> history;
  std::string pooling;

  std::string model;
  std::optional<std::string> device;
  std::string precision;
  std::string memory_budget;
  std::optional<int> tile;
  std::optional<int> save_every;
  bool overwrite = false;
  std::string checkpoint;
  std::optional<double> checkpoint_seconds;
  std::string resume;
};

// The pictures, and a file of settings.
void add_input_flags(CLI::App& command, JobFlags& flags);

void add_style_flag(CLI::App& command, JobFlags& flags);

// Everything else that decides losses: sizes, the objective of the recipe, network, device.
void add_objective_flags(CLI::App& command, JobFlags& flags);

// Everything else that decides a run's result: start, optimiser, whether it may replace another.
void add_start_flags(CLI::App& command, JobFlags& flags);

// That, and what a run of its own has: output, snapshots, checkpoints.
void add_run_flags(CLI::App& command, JobFlags& flags);

// The job file if one is named, else the checkpoint's job, else a default one; the flags over it. A run that goes on keeps its state
// in the same checkpoint and replaces its own output, unless flags name others. Throws Error naming the flag that is wrong.
// What is missing is left to checked_job.
Job make_job(const JobFlags& flags);

// The flags over a job.
Job with_flags(Job job, const JobFlags& flags);

}  // namespace impasto::cli
