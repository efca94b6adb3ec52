// Tells people on standard error, or machines on standard output, how a run goes.
#pragma once

#include "impasto/error.h"
#include "impasto/job.h"
#include "impasto/session.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace impasto::cli {

enum class ProgressStyle { bar, lines, json, none };

// From --progress ("auto" is a bar on a terminal and lines now and then elsewhere) and --quiet. Throws Error(usage) for another word.
ProgressStyle progress_style(const std::string& flag, bool quiet, bool terminal);

class ProgressPrinter {
 public:
  ProgressPrinter(ProgressStyle style, bool verbose) : style_(style), verbose_(verbose) {}
  ~ProgressPrinter() { clear_bar(); }
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  void plan(const Estimate& estimate);
  void start(const Job& job, const Progress& progress);
  void update(const Progress& progress);  // as often as one likes
  void saved(const std::filesystem::path& file, int iteration);
  void done(const std::filesystem::path& file, const Progress& progress);
  void tell(const std::string& line);  // what people should know; machines read it as a "note"
  void failed(const Error& error);     // machines only; people are told by the caller

 private:
  bool due(const Progress& progress);
  void tell_trouble(const Progress& progress);
  void say(std::string_view line);
  void show_bar(const std::string& line);
  void clear_bar();

  ProgressStyle style_;
  bool verbose_;
  size_t bar_width_ = 0;  // of the bar on the screen
  int last_iteration_ = -1;
  int last_scale_ = -1;
  int last_recoveries_ = 0;
  int last_skipped_ = 0;
  std::string last_checkpoint_error_;
  std::chrono::steady_clock::time_point last_time_{};
};

}  // namespace impasto::cli
