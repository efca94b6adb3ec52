// Many runs, unattended: every content with every style under every setting, on one device or several, in one process or many.
#pragma once

#include "impasto/export.h"
#include "impasto/job.h"
#include "impasto/session.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace impasto {

// One setting and the values to try: any field of a job, of its recipe or of its optimiser ("-" may stand for "_"). Values are JSON, or
// words.
struct Sweep {
  std::string setting;
  std::vector<std::string> values;
};

struct BatchRequest {
  std::vector<std::string> contents;  // pictures, folders, globs ("dir/*.jpg"), or lists of such lines (.txt)
  std::vector<std::string> styles;    // likewise
  std::filesystem::path out;          // the folder of the results; made when it is not there
  std::string
      name;  // of a result, with {content}, {style}, {index} and {setting} of each sweep; empty: made of all of them
  std::vector<Sweep> sweeps;
  Job job;  // everything else
};

// A JSON object with the fields above; "job" as job_from_json reads it, "sweeps" a list of {"setting", "values"}. Throws Error(usage).
IMPASTO_API BatchRequest batch_from_json(std::string_view text, std::string_view source);
IMPASTO_API BatchRequest load_batch(const std::filesystem::path& file);  // and Error(input)

// The job of every item, checked, in an order that depends on the names alone. Throws Error(usage) for a setting or value that is none, a
// pattern that gives two items one name; Error(input) for a folder, glob or list without pictures.
IMPASTO_API std::vector<Job> batch_jobs(const BatchRequest& request);

// Which items are this process's: every count-th from index on.
struct Shard {
  int index = 0;
  int count = 1;
};

enum class ItemStatus {
  done,     // now
  existed,  // before; or its output did, and is kept
  taken,    // another process has it
  failed,
  interrupted,  // stopped, its state is kept
  left          // never begun
};

// "done", "existed" and so on, as reports have it.
IMPASTO_API const char* status_name(ItemStatus status);

// How far an item's run came.
struct ItemRun {
  int iterations = 0;
  int width = 0;
  int height = 0;
  Losses losses;
  double seconds = 0;  // spent on it, decoding and encoding apart
  std::string device;
};

struct ItemResult {
  size_t index = 0;  // among the jobs
  ItemStatus status = ItemStatus::left;
  std::string message;  // why it failed, or what to know
  int code = 0;         // of the error that it failed with, as the program's exit codes
  bool resumed = false;
  ItemRun run;
  std::optional<double> flicker;  // of a frame that follows another (impasto/sequence.h)
};

struct BatchOptions {
  std::vector<std::string> devices{
      ""};  // a worker each, as Job::device; two where all pictures are at most 256 pixels a side
  Shard shard;
  bool resume =
      false;  // go on with what an earlier process was stopped at, and keep what it has done even when job.overwrite is set

  // All of these are called by one worker at a time.
  std::function<bool()> stop;      // true: every item's state is kept, and the batch ends
  std::function<bool()> save_now;  // true: the states of the items under way are written
  std::function<void(size_t index, const Progress&)> on_progress;  // while an item runs
  std::function<void(const ItemResult&)> on_item;                  // when it has ended
};

// Runs the items and returns what became of each of this shard's. What is done is recorded in `folder`/.impasto, one file an item, so that
// any number of processes, at once or later, share the work: no item is done twice, and one that was killed begins again, with
// options.resume at its last state and with the same bits. An item that fails stops no other. Throws Error(input) when the folder cannot
// be written, Error(device) when no device is left.
IMPASTO_API std::vector<ItemResult> run_batch(const std::vector<Job>& jobs,
                                              const std::filesystem::path& folder,
                                              const BatchOptions& options);

// report.json, report.html with thumbnails, and contact-sheet.png, into the folder; earlier ones are replaced.
IMPASTO_API void write_batch_report(const std::vector<Job>& jobs, const std::vector<ItemResult>& results,
                                    const std::filesystem::path& folder);

}  // namespace impasto
