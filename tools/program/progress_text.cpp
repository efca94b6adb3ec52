// Formats progress; nothing here prints.
#include "progress_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace impasto::cli {
namespace {

constexpr int kBarWidth = 20;

std::string bar(const Progress& progress) {
  const double done = progress.iterations > 0 ? double(progress.iteration) / progress.iterations : 0;
  const int filled = std::clamp(static_cast<int>(done * kBarWidth), 0, kBarWidth);
  return fmt::format("[{:#<{}}{:.<{}}]", "", filled, "", kBarWidth - filled);
}

std::string rate(double iterations_per_second) {
  if (iterations_per_second <= 0) return "- it/s";
  if (iterations_per_second < 1) return fmt::format("{:.3g} s/it", 1 / iterations_per_second);
  return fmt::format("{:.3g} it/s", iterations_per_second);
}

std::string left(const Progress& progress) {
  const bool known = progress.iterations_per_second > 0 || progress.iteration == progress.iterations;
  return known ? duration_text(progress.eta_seconds) : "-";
}

std::string scale(const Progress& progress) {
  return fmt::format("{}x{}{}", progress.width, progress.height,
                     progress.scales > 1 ? fmt::format(" ({}/{})", progress.scale + 1, progress.scales) : "");
}

std::string count(const Progress& progress) {
  return fmt::format("{}/{}", progress.iteration, progress.iterations);
}

}  // namespace

std::string duration_text(double seconds) {
  if (!(seconds >= 0 && seconds < 1e9)) return "-";
  const auto whole = static_cast<long long>(std::lround(seconds));
  const long long hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return fmt::format("{}:{:02}", minutes, whole % 60);
}

std::string bar_line(const Progress& progress, int columns) {
  const Losses& losses = progress.losses;
  const std::string line =
      fmt::format("{} {}  {}  {} left  total {:.4g} (content {:.3g}, style {:.3g}, tv {:.3g})  {}",
                  bar(progress), count(progress), rate(progress.iterations_per_second), left(progress),
                  losses.total, losses.content, losses.style, losses.tv, scale(progress));
  return line.substr(0, static_cast<size_t>(std::max(columns - 1, 1)));
}

std::string plain_line(const Progress& progress) {
  const Losses& losses = progress.losses;
  return fmt::format("iteration {}  {}  total {:.6g}  content {:.6g}  style {:.6g}  tv {:.6g}  {}  {} left",
                     count(progress), scale(progress), losses.total, losses.content, losses.style, losses.tv,
                     rate(progress.iterations_per_second), left(progress));
}

std::string progress_json(const Progress& progress) {
  const nlohmann::ordered_json json{{"event", "progress"},
                                    {"iteration", progress.iteration},
                                    {"iterations", progress.iterations},
                                    {"scale", progress.scale},
                                    {"scales", progress.scales},
                                    {"width", progress.width},
                                    {"height", progress.height},
                                    {"content", progress.losses.content},
                                    {"style", progress.losses.style},
                                    {"tv", progress.losses.tv},
                                    {"temporal", progress.losses.temporal},
                                    {"total", progress.losses.total},
                                    {"gradient_l2", progress.losses.gradient_l2},
                                    {"seconds", progress.seconds},
                                    {"eta_seconds", progress.eta_seconds},
                                    {"iterations_per_second", progress.iterations_per_second},
                                    {"device_bytes", progress.device_bytes},
                                    {"recoveries", progress.recoveries},
                                    {"skipped_steps", progress.skipped_steps}};
  return json.dump();
}

}  // namespace impasto::cli
