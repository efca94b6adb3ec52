// Decides when there is something to say, and where.
#include "progress_printer.h"

#include "flag_values.h"
#include "plan_text.h"
#include "progress_text.h"
#include "terminal.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace impasto::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds kBarInterval{100};
constexpr std::chrono::seconds kLineInterval{10};

void print_json(const Json& json) {
  fmt::print(stdout, "{}\n", json.dump(-1, ' ', false, Json::error_handler_t::replace));
  std::fflush(stdout);
}

}  // namespace

ProgressStyle progress_style(const std::string& flag, bool quiet, bool terminal) {
  switch (parse_choice("--progress", flag, {"auto", "bar", "json", "none"})) {
    case 1:
      return quiet ? ProgressStyle::none : ProgressStyle::bar;
    case 2:
      return ProgressStyle::json;
    case 3:
      return ProgressStyle::none;
    default:
      if (quiet) return ProgressStyle::none;
      return terminal ? ProgressStyle::bar : ProgressStyle::lines;
  }
}

void ProgressPrinter::plan(const Estimate& estimate) {
  if (style_ == ProgressStyle::none) return;
  if (style_ == ProgressStyle::json) return print_json(plan_json(estimate));
  for (const std::string& line : plan_lines(estimate)) say(line);
}

void ProgressPrinter::start(const Job& job, const Progress& progress) {
  if (style_ == ProgressStyle::json) {
    print_json({{"event", "start"},
                {"output", job.output.string()},
                {"recipe", job.recipe.name},
                {"model", progress.model},
                {"model_advice", progress.model_advice},
                {"device", progress.device},
                {"iterations", progress.iterations},
                {"scales", progress.scales},
                {"width", progress.width},
                {"height", progress.height},
                {"seed", job.seed}});
  }
  if (style_ == ProgressStyle::bar || style_ == ProgressStyle::lines || verbose_)
    say(fmt::format("recipe {}, network {}{}", job.recipe.name, progress.model,
                    progress.model_advice.empty() ? "" : " (" + progress.model_advice + ")"));
  if (verbose_) say(fmt::format("device {}", progress.device));
}

// Never twice for the same iteration; the first, the last and a new size at once.
bool ProgressPrinter::due(const Progress& progress) {
  if (progress.iteration == last_iteration_ || progress.iteration == 0) return false;
  const auto now = std::chrono::steady_clock::now();
  const auto interval =
      style_ == ProgressStyle::lines ? std::chrono::milliseconds(kLineInterval) : kBarInterval;
  const bool first = last_iteration_ < 0 || progress.scale != last_scale_;
  const bool last = progress.iteration == progress.iterations;
  if (style_ != ProgressStyle::json && !first && !last && now - last_time_ < interval) return false;
  last_time_ = now;
  last_iteration_ = progress.iteration;
  last_scale_ = progress.scale;
  return true;
}

void ProgressPrinter::tell_trouble(const Progress& progress) {
  if (progress.recoveries > last_recoveries_)
    say("the device was lost and has been rebuilt; the run goes on");
  if (progress.skipped_steps > last_skipped_)
    say(fmt::format("{} steps ended where the gradient is not finite; they were undone, and steps halved",
                    progress.skipped_steps));
  if (!progress.checkpoint_error.empty() && progress.checkpoint_error != last_checkpoint_error_)
    tell(progress.checkpoint_error + "; the run goes on without");
  last_checkpoint_error_ = progress.checkpoint_error;
  last_recoveries_ = progress.recoveries;
  last_skipped_ = progress.skipped_steps;
}

void ProgressPrinter::update(const Progress& progress) {
  if (style_ == ProgressStyle::none || !due(progress)) return;
  tell_trouble(progress);
  if (style_ == ProgressStyle::bar) {
    show_bar(bar_line(progress, terminal_columns()));
  } else if (style_ == ProgressStyle::lines) {
    say(plain_line(progress));
  } else {
    fmt::print(stdout, "{}\n", progress_json(progress));
    std::fflush(stdout);
  }
}

void ProgressPrinter::saved(const std::filesystem::path& file, int iteration) {
  if (style_ == ProgressStyle::json)
    print_json({{"event", "saved"}, {"file", file.string()}, {"iteration", iteration}});
  if (verbose_) say(fmt::format("saved {} after iteration {}", file.string(), iteration));
}

void ProgressPrinter::done(const std::filesystem::path& file, const Progress& progress) {
  if (style_ == ProgressStyle::json)
    print_json({{"event", "done"},
                {"file", file.string()},
                {"iterations", progress.iteration},
                {"total", progress.losses.total},
                {"seconds", progress.seconds},
                {"device_bytes", progress.device_bytes}});
  if (style_ == ProgressStyle::bar || style_ == ProgressStyle::lines || verbose_)
    say(fmt::format("{}: {}x{}, {} iterations in {}, total {:.6g}", file.string(), progress.width,
                    progress.height, progress.iteration, duration_text(progress.seconds),
                    progress.losses.total));
}

void ProgressPrinter::tell(const std::string& line) {
  if (style_ == ProgressStyle::json) print_json({{"event", "note"}, {"message", line}});
  if (style_ != ProgressStyle::none) say(line);
}

void ProgressPrinter::failed(const Error& error) {
  clear_bar();
  if (style_ == ProgressStyle::json)
    print_json({{"event", "error"}, {"message", error.what()}, {"code", error.exit_code()}});
}

void ProgressPrinter::say(std::string_view line) {
  clear_bar();
  fmt::print(stderr, "{}\n", line);
}

// Spaces instead of escape codes, which not every console knows.
void ProgressPrinter::show_bar(const std::string& line) {
  const size_t rest = bar_width_ > line.size() ? bar_width_ - line.size() : 0;
  fmt::print(stderr, "\r{}{}", line, std::string(rest, ' '));
  std::fflush(stderr);
  bar_width_ = line.size();
}

void ProgressPrinter::clear_bar() {
  if (bar_width_ == 0) return;
  fmt::print(stderr, "\r{}\r", std::string(bar_width_, ' '));
  std::fflush(stderr);
  bar_width_ = 0;
}

}  // namespace impasto::cli
