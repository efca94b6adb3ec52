// impasto stylize: a run from start to the saved picture.
#include "commands.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "impasto/session.h"
#include "interrupt.h"
#include "job_flags.h"
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
};

// A long run must not end in a file that cannot be written.
void check_outputs(const Job& job) {
  if (job.output.empty()) throw Error(ErrorKind::usage, "no output; name one with --output FILE");
  check_writable(job.output, job.overwrite);
  check_snapshots(job);
}

// What there is of a run that failed is saved, and the error says so.
[[noreturn]] void salvage(Session& session, const Job& job, const Error& error) {
  std::string saved;
  if (session.progress().iteration > 0) {
    try {
      session.save(job.output, job.overwrite);
      saved = fmt::format("; {} holds the last good picture", job.output.string());
    } catch (const Error&) {
      saved = "; the picture so far could not be saved";
    }
  }
  throw Error(error.kind(), error.what() + saved);
}

[[noreturn]] void leave_interrupted(Session& session, const Job& job, ProgressPrinter& printer) {
  session.save(job.output, job.overwrite);
  const int iteration = session.progress().iteration;
  printer.saved(job.output, iteration);
  throw Error(ErrorKind::interrupted,
              fmt::format("interrupted after {} iterations; {} holds the picture so far", iteration,
                          job.output.string()));
}

void iterate(Session& session, const Job& job, ProgressPrinter& printer) {
  int last_snapshot = 0;  // a recovery takes the run back, but snapshots are the same bits again
  while (!interrupted() && session.advance()) {
    const Progress progress = session.progress();
    printer.update(progress);
    if (job.save_every == 0 || progress.submitted % job.save_every != 0) continue;
    if (progress.submitted == progress.iterations || progress.submitted <= last_snapshot) continue;
    last_snapshot = progress.submitted;
    const std::filesystem::path file = snapshot_file(job.output, last_snapshot);
    session.save(file, job.overwrite);
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
  printer.start(job, session.progress());
  optimise(session, job, printer);
  printer.update(session.progress());
  session.save(job.output, job.overwrite);
  printer.saved(job.output, session.progress().iteration);
  printer.done(job.output, session.progress());
}

int stylize(const StylizeFlags& flags) {
  ProgressPrinter printer(progress_style(flags.progress, flags.quiet, error_is_terminal()), flags.verbose);
  try {
    run(checked_job(make_job(flags.job)), printer);
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
  add_objective_flags(*command, flags->job);
  add_run_flags(*command, flags->job);
  command->add_option("--progress", flags->progress, "How the run is reported")
      ->option_text("auto|bar|json|none")
      ->group("Run");
  command->add_flag("-q,--quiet", flags->quiet, "Say nothing but errors")->group("Run");
  command->add_flag("-v,--verbose", flags->verbose, "Say more")->group("Run");
  command->callback([flags, &chosen] { chosen = [flags] { return stylize(*flags); }; });
}

}  // namespace impasto::cli
