// Returns to the line's start instead of moving on.
#include "progress_line.h"

#include "terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace impasto::cli {
namespace {

constexpr std::chrono::milliseconds kInterval{100};

}  // namespace

ProgressLine::ProgressLine(bool quiet) : shows_(!quiet && error_is_terminal()) {}

void ProgressLine::show(const std::string& text) {
  const auto now = std::chrono::steady_clock::now();
  if (!shows_ || now - last_ < kInterval) return;
  last_ = now;
  const auto columns = static_cast<size_t>(std::max(terminal_columns() - 1, 1));
  const std::string line =
      text.size() <= columns ? text : text.substr(text.size() - columns);  // the numbers are at its end
  fmt::print(stderr, "\r{:<{}}", line, std::max(width_, line.size()));
  std::fflush(stderr);
  width_ = line.size();
}

void ProgressLine::clear() {
  if (width_ != 0) fmt::print(stderr, "\r{:<{}}\r", "", width_);
  width_ = 0;
}

}  // namespace impasto::cli
