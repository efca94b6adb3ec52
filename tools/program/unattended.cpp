// Runs a batch or a sequence for the command line.
#include "unattended.h"

#include "batch_printer.h"
#include "impasto/error.h"
#include "interrupt.h"
#include "terminal.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace impasto::cli {
namespace {

int end(const std::vector<ItemResult>& results, const std::filesystem::path& folder) {
  const auto count = [&](ItemStatus status) {
    return std::count_if(results.begin(), results.end(),
                         [&](const ItemResult& result) { return result.status == status; });
  };
  const auto failed = count(ItemStatus::failed);
  if (interrupted())
    throw Error(ErrorKind::interrupted,
                fmt::format("interrupted; {} of {} items are done, and --resume goes on",
                            count(ItemStatus::done) + count(ItemStatus::existed), results.size()));
  if (failed > 0)
    throw Error(ErrorKind::partial, fmt::format("{} of {} items failed, the others are done; {} says why",
                                                failed, results.size(), (folder / "report.html").string()));
  return 0;
}

}  // namespace

void add_unattended_flags(CLI::App& command, UnattendedFlags& flags) {
  command.add_flag("--resume", flags.resume, "Go on where an earlier process was stopped")->group("Run");
  command.add_option("--progress", flags.progress, "How the items are reported")
      ->option_text("auto|bar|json|none")
      ->group("Run");
  command.add_flag("-q,--quiet", flags.quiet, "Say nothing but errors")->group("Run");
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

int run_unattended(const std::vector<Job>& jobs, const std::filesystem::path& folder, BatchOptions options,
                   const UnattendedFlags& flags, const RunItems& run) {
  BatchPrinter printer(progress_style(flags.progress, flags.quiet, error_is_terminal()), jobs);
  try {
    options.resume = flags.resume;
    options.stop = interrupted;
    options.save_now = save_requested;
    options.on_progress = [&](size_t index, const Progress& progress) { printer.update(index, progress); };
    options.on_item = [&](const ItemResult& result) { printer.ended(result); };
    watch_interrupts();
    printer.start();
    const std::vector<ItemResult> results = run(jobs, folder, options);
    // The others' reports would replace one another.
    if (options.shard.count == 1) write_batch_report(jobs, results, folder);
    printer.done(results);
    return end(results, folder);
  } catch (const Error& error) {
    printer.failed(error);
    throw;
  }
}

}  // namespace impasto::cli
