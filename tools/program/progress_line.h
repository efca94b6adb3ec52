// One line on a terminal's standard error that is written over as something goes on.
#pragma once

#include <chrono>
#include <string>

namespace impasto::cli {

class ProgressLine {
 public:
  // Shows nothing when quiet, or when standard error is no terminal.
  explicit ProgressLine(bool quiet);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // As often as one likes; cut to the terminal's width.
  void show(const std::string& text);
  void clear();

 private:
  bool shows_;
  size_t width_ = 0;  // of what is on the screen
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace impasto::cli
