// Reads --shard and what schedulers put into the environment.
#include "shard.h"

#include "impasto/error.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <optional>

namespace impasto::cli {
namespace {

std::optional<int> number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

std::optional<int> variable(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::nullopt : number(text);
}

[[noreturn]] void refuse(const std::string& text, const char* why) {
  throw Error(ErrorKind::usage, fmt::format("--shard {}: {}", text, why));
}

Shard from_environment(const std::string& text, std::optional<int> count) {
  Shard shard;
  if (const std::optional<int> task = variable("SLURM_ARRAY_TASK_ID")) {
    shard.index = *task - variable("SLURM_ARRAY_TASK_MIN").value_or(0);
    count = count ? count : variable("SLURM_ARRAY_TASK_COUNT");
  } else if (const std::optional<int> pod = variable("JOB_COMPLETION_INDEX")) {
    shard.index = *pod;
    count = count ? count : variable("JOB_COMPLETIONS");
  } else {
    refuse(text, "neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set; give K/N");
  }
  if (!count) refuse(text, "the environment does not say how many there are; give auto/N");
  shard.count = *count;
  return shard;
}

}  // namespace

Shard parse_shard(const std::string& text) {
  if (text.empty()) return {};
  const size_t slash = text.find('/');
  const std::string first = text.substr(0, slash);
  std::optional<int> count;
  if (slash != std::string::npos && !(count = number(text.substr(slash + 1))))
    refuse(text, "is not K/N or auto/N");
  Shard shard;
  if (first == "auto") {
    shard = from_environment(text, count);
  } else {
    const std::optional<int> index = number(first);
    if (!index || !count) refuse(text, "is not K/N or auto/N");
    shard = {*index - 1, *count};
  }
  if (shard.index < 0 || shard.index >= shard.count) refuse(text, "is not one from 1/N to N/N");
  return shard;
}

}  // namespace impasto::cli
