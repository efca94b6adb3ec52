// Parses style pictures with weights, layer lists and choices.
#include "flag_values.h"

#include "base/nearest.h"
#include "base/shown.h"
#include "impasto/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

namespace impasto::cli {
namespace {

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

double usual_weight(std::string_view layer, const std::vector<LayerWeight>& current) {
  const auto same = [&](const LayerWeight& candidate) { return candidate.layer == layer; };
  const auto found = std::find_if(current.begin(), current.end(), same);
  if (found != current.end()) return found->weight;
  return current.empty() ? 1 : current.front().weight;
}

// In the order of their numbers.
std::vector<std::string> precisions() {
  return {"auto", "fp32", "fp16"};
}

}  // namespace

StyleInput parse_style(std::string_view text) {
  const size_t colon = text.rfind(':');
  std::error_code ignored;
  if (colon == std::string_view::npos || std::filesystem::exists(std::filesystem::path(text), ignored))
    return {text, 1};
  const std::optional<double> weight = number<double>(text.substr(colon + 1));
  if (!weight) return {text, 1};
  return {text.substr(0, colon), *weight};
}

std::vector<LayerWeight> parse_layers(std::string_view flag, std::string_view text,
                                      const std::vector<LayerWeight>& current) {
  std::vector<LayerWeight> layers;
  if (text.empty()) return layers;
  for (const std::string_view part : split(text, ',')) {
    const size_t colon = part.find(':');
    const std::string name(part.substr(0, colon));
    if (name.empty())
      throw Error(
          ErrorKind::usage,
          fmt::format("{} \"{}\" has a layer without a name; write relu4_2 or relu4_2:2", flag, shown(text)));
    layers.push_back({name, usual_weight(name, current)});
    if (colon == std::string_view::npos) continue;
    const std::optional<double> weight = number<double>(part.substr(colon + 1));
    if (!weight)
      throw Error(ErrorKind::usage,
                  fmt::format("{}: the weight of \"{}\" is no number; write relu4_2:2", flag, shown(part)));
    layers.back().weight = *weight;
  }
  return layers;
}

uint64_t parse_seed(std::string_view flag, std::string_view text) {
  if (const std::optional<uint64_t> seed = number<uint64_t>(text)) return *seed;
  throw Error(ErrorKind::usage,
              fmt::format("{} \"{}\" is not a whole number from 0 to 2^64-1", flag, shown(text)));
}

uint64_t parse_bytes(std::string_view flag, std::string_view text) {
  constexpr std::string_view kUnits = "KMGT";
  const size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::optional<double> value = number<double>(text.substr(0, end));
  std::string unit;
  for (const char c : text.substr(std::min(text.find_first_not_of(' ', end), text.size())))
    unit += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const size_t power = unit.empty() ? std::string_view::npos : kUnits.find(unit[0]);
  const bool known = unit.empty() || unit == "B" ||
                     (power != std::string_view::npos &&
                      (unit.size() == 1 || unit.substr(1) == "B" || unit.substr(1) == "IB"));
  const double bytes =
      value && known ? *value * std::pow(1024.0, power == std::string_view::npos ? 0.0 : double(power) + 1)
                     : -1;
  if (!(bytes >= 0 && bytes < 1e18))
    throw Error(ErrorKind::usage,
                fmt::format("{} \"{}\" is not an amount of memory; write 4G or 512M", flag, shown(text)));
  return static_cast<uint64_t>(bytes);
}

size_t parse_choice(std::string_view flag, std::string_view text, const std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end())
    throw Error(ErrorKind::usage, fmt::format("{} cannot be \"{}\"; the nearest is \"{}\"", flag, shown(text),
                                              nearest_name(text, names)));
  return static_cast<size_t>(found - names.begin());
}

OptimizerKind parse_optimizer(std::string_view text) {
  return parse_choice("--optimizer", text, {"adam", "lbfgs"}) == 0 ? OptimizerKind::adam
                                                                   : OptimizerKind::lbfgs;
}

Precision parse_precision(std::string_view text) {
  return static_cast<Precision>(parse_choice("--precision", text, precisions()));
}

std::string precision_text(Precision precision) {
  return precisions()[static_cast<size_t>(precision)];
}

}  // namespace impasto::cli
