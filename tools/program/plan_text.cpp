// Formats plans.
#include "plan_text.h"

#include "byte_text.h"
#include "flag_values.h"
#include "progress_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace impasto::cli {
namespace {

std::string seconds_text(double seconds) {
  if (seconds < 1) return "less than a second";
  return seconds < 60 ? fmt::format("about {:.0f} s", seconds)
                      : fmt::format("about {}", duration_text(std::round(seconds)));
}

// The sizes of the stages that differ: a pyramid names its first and last.
std::string sizes_text(const Estimate& estimate) {
  const auto text = [](const StageEstimate& stage) {
    return fmt::format("{}x{}", stage.width, stage.height);
  };
  const std::string first = text(estimate.stages.front()), last = text(estimate.stages.back());
  return first == last ? first : first + " to " + last;
}

// Why whole pictures, which would hold so much, are not what is done.
std::string whole_text(uint64_t bytes, const Estimate& estimate) {
  if (bytes <= estimate.budget_bytes) return fmt::format("{} whole", byte_text(bytes));
  return fmt::format("{} whole are more than {}", byte_text(bytes), byte_text(estimate.budget_bytes));
}

}  // namespace

std::vector<std::string> plan_lines(const Estimate& estimate) {
  std::string line = fmt::format("{}, {}, {}: {} of {} free", sizes_text(estimate), estimate.model,
                                 precision_text(estimate.precision), byte_text(estimate.device_bytes),
                                 byte_text(estimate.free_bytes));
  if (estimate.seconds > 0) line += ", " + seconds_text(estimate.seconds);
  std::vector<std::string> lines{line};
  if (estimate.fp32_bytes)
    lines.push_back("in fp16, because fp32 does not fit" +
                    (*estimate.fp32_bytes > 0 ? ": " + whole_text(*estimate.fp32_bytes, estimate) : ""));
  for (const StageEstimate& stage : estimate.stages) {
    if (stage.tile == 0 && !stage.optimizer_on_host) continue;
    const std::string whole =
        stage.whole_bytes == 0 ? "whole pictures do not fit" : whole_text(stage.whole_bytes, estimate);
    std::vector<std::string> steps;
    if (stage.tile > 0)
      steps.push_back(
          tiles_text(stage.tile, stage.deep_tile, stage.parting, std::max(stage.width, stage.height)));
    if (stage.optimizer_on_host) steps.emplace_back("the optimizer's state in the host's memory");
    lines.push_back(fmt::format("{}x{} {}: {} ({})", stage.width, stage.height, fmt::join(steps, ", "),
                                byte_text(stage.device_bytes), whole));
  }
  return lines;
}

std::string tiles_text(int tile, int deep_tile, int parting, int longest) {
  std::string text = fmt::format("in tiles of {} pixels", tile);
  if (deep_tile == 0) return text;
  constexpr std::array kOrdinals{"first", "second", "third"};
  return text + fmt::format(", {} behind the {} pooling",
                            deep_tile >= longest ? "whole" : fmt::format("of {}", deep_tile),
                            kOrdinals.at(size_t(parting - 1)));
}

nlohmann::ordered_json plan_json(const Estimate& estimate) {
  nlohmann::ordered_json stages = nlohmann::ordered_json::array();
  for (const StageEstimate& stage : estimate.stages) {
    nlohmann::ordered_json memory = nlohmann::ordered_json::object();
    for (const MemoryUse& use : stage.memory) memory[use.what] = use.bytes;
    stages.push_back({{"width", stage.width},
                      {"height", stage.height},
                      {"iterations", stage.iterations},
                      {"tile", stage.tile},
                      {"deep_tile", stage.deep_tile},
                      {"parting", stage.parting},
                      {"optimizer_on_host", stage.optimizer_on_host},
                      {"device_bytes", stage.device_bytes},
                      {"whole_bytes", stage.whole_bytes},
                      {"memory", memory}});
  }
  nlohmann::ordered_json json{{"event", "plan"},
                              {"device", estimate.device},
                              {"model", estimate.model},
                              {"precision", precision_text(estimate.precision)},
                              {"device_bytes", estimate.device_bytes},
                              {"host_bytes", estimate.host_bytes},
                              {"free_bytes", estimate.free_bytes},
                              {"budget_bytes", estimate.budget_bytes},
                              {"seconds", nullptr},
                              {"stages", stages}};
  if (estimate.seconds > 0) json["seconds"] = estimate.seconds;
  return json;
}

void print_plan(const Estimate& estimate, bool json) {
  if (json) {
    fmt::print("{}\n",
               plan_json(estimate).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    return;
  }
  for (const std::string& line : plan_lines(estimate)) fmt::print("{}\n", line);
  const auto bytes_of = [](const StageEstimate& stage) { return stage.device_bytes; };
  const StageEstimate& largest = *std::max_element(
      estimate.stages.begin(), estimate.stages.end(),
      [&](const StageEstimate& a, const StageEstimate& b) { return bytes_of(a) < bytes_of(b); });
  for (const MemoryUse& use : largest.memory) fmt::print("  {:<27} {:>10}\n", use.what, byte_text(use.bytes));
}

}  // namespace impasto::cli
