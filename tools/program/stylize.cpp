// impasto stylize: a run from start to the saved picture.
#include "base/atomic_file.h"
#include "commands.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "impasto/session.h"
#include "interrupt.h"
#include "job_flags.h"
#include "plan_text.h"
#include "progress_printer.h"
#include "snapshots.h"
#include "terminal.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace impasto::cli {
namespace {

struct StylizeFlags {
  JobFlags job;
  std::string progress = "auto";
  bool quiet = false;
  bool verbose = false;
  bool dry_run = false;
};

// A long run must not end in a file that cannot be written.
void check_outputs(const Job& job) {
  if (job.output.empty()) throw Error(ErrorKind::usage, "no output; name one with --output FILE");
  check_writable(job.output, job.overwrite);
  if (!job.checkpoint.empty())
    const AtomicFile probe(job.checkpoint, job.overwrite || job.checkpoint == job.resume);
}

// What there is of a run that failed is saved, and the error says so.
[[noreturn]] void salvage(Session& session, const Job& job, const Error& error) {
  std::string saved;
  if (session.progress().iteration > 0) {
    try {
      session.save(job.output, job.overwrite);
      session.checkpoint(checkpoint_file(job));
      saved = fmt::format("; {} holds the last good picture, and --resume {} goes on", job.output.string(),
                          checkpoint_file(job).string());
    } catch (const Error&) {
      saved = "; what there is could not be saved whole";
    }
  }
  throw Error(error.kind(), error.what() + saved);
}

[[noreturn]] void leave_interrupted(Session& session, const Job& job, ProgressPrinter& printer) {
  const std::filesystem::path checkpoint = checkpoint_file(job);
  session.checkpoint(checkpoint);  // first, because it is what cannot be made again
  const int iteration = session.progress().iteration;
  printer.saved(checkpoint, iteration);
  session.save(job.output, job.overwrite);
  printer.saved(job.output, iteration);
  throw Error(
      ErrorKind::interrupted,
      fmt::format("interrupted after {} iterations; {} holds the picture so far, and --resume {} goes on",
                  iteration, job.output.string(), checkpoint.string()));
}

// A run must not end because something that nobody needs could not be written.
void save_now(Session& session, const Job& job, ProgressPrinter& printer) {
  try {
    session.checkpoint(checkpoint_file(job));
    const int iteration = session.progress().iteration;
    printer.saved(checkpoint_file(job), iteration);
    session.save(snapshot_file(job.output, iteration), job.overwrite);
    printer.saved(snapshot_file(job.output, iteration), iteration);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    printer.tell(error.what());
  }
}

void iterate(Session& session, const Job& job, ProgressPrinter& printer) {
  int last_snapshot = 0;  // a recovery takes the run back, but snapshots are the same bits again
  while (!interrupted() && session.advance()) {
    const Progress progress = session.progress();
    printer.update(progress);
    if (save_requested()) save_now(session, job, printer);
    if (!is_snapshot(job, progress.submitted)) continue;
    if (progress.submitted == progress.iterations || progress.submitted <= last_snapshot) continue;
    last_snapshot = progress.submitted;
    const std::filesystem::path file = snapshot_file(job.output, last_snapshot);
    session.save(file,
                 job.overwrite ||
                     !job.resume.empty());  // what it was stopped at may have been saved after the checkpoint
    printer.saved(file, last_snapshot);
  }
  if (!interrupted()) session.finish();
}

void optimise(Session& session, const Job& job, ProgressPrinter& printer) {
  try {
    iterate(session, job, printer);
  } catch (const Error& error) {
    salvage(session, job, error);
  }
  if (interrupted()) leave_interrupted(session, job, printer);
}

void run(const Job& job, ProgressPrinter& printer) {
  check_outputs(job);
  watch_interrupts();
  Session session(job);
  check_snapshots(job, session.progress().iterations);
  printer.plan(session.estimate());
  printer.start(job, session.progress());
  if (!session.note().empty()) printer.tell(session.note());
  optimise(session, job, printer);
  printer.update(session.progress());
  if (!job.checkpoint.empty()) session.checkpoint(job.checkpoint);
  session.save(job.output, job.overwrite);
  printer.saved(job.output, session.progress().iteration);
  printer.done(job.output, session.progress());
}

int stylize(const StylizeFlags& flags) {
  ProgressPrinter printer(progress_style(flags.progress, flags.quiet, error_is_terminal()), flags.verbose);
  try {
    const Job job = checked_job(make_job(flags.job));
    if (flags.dry_run)
      print_plan(estimate(job), flags.progress == "json");
    else
      run(job, printer);
  } catch (const Error& error) {
    printer.failed(error);
    throw;
  }
  return 0;
}

}  // namespace

void add_stylize(CLI::App& app, Action& chosen) {
  const auto flags = std::make_shared<StylizeFlags>();
  CLI::App* command = app.add_subcommand("stylize", "Turn a photograph and a painting into a third picture");
  add_input_flags(*command, flags->job);
  add_objective_flags(*command, flags->job);
  add_run_flags(*command, flags->job);
  command->add_option("--progress", flags->progress, "How the run is reported")
      ->option_text("auto|bar|json|none")
      ->group("Run");
  command->add_flag("--dry-run", flags->dry_run, "Say what the job would hold and how long it would take")
      ->group("Run");
  command->add_flag("-q,--quiet", flags->quiet, "Say nothing but errors")->group("Run");
  command->add_flag("-v,--verbose", flags->verbose, "Say more")->group("Run");
  command->callback([flags, &chosen] { chosen = [flags] { return stylize(*flags); }; });
}

}  // namespace impasto::cli
