// The known conventions, and their way into metadata and back.
#include "network/convention.h"

#include "base/shown.h"
#include "impasto/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

namespace impasto::network {
namespace {

constexpr double kMaxRange = 1e6;
constexpr double kMinDeviation = 1e-6;

using Metadata = std::map<std::string, std::string>;

[[noreturn]] void refuse(std::string_view source, const char* key, const std::string& value,
                         const char* wanted) {
  throw Error(ErrorKind::input,
              fmt::format("{}: its metadata has {} = \"{}\" instead of {}; import the weights again", source,
                          key, shown(value), wanted));
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::vector<std::optional<double>> parse_numbers(std::string_view text) {
  std::vector<std::optional<double>> values;
  for (;;) {
    const size_t comma = std::min(text.find(','), text.size());
    values.push_back(parse_number(text.substr(0, comma)));
    if (comma == text.size() || values.size() > 3) return values;
    text.remove_prefix(comma + 1);
  }
}

// In the order of the network's input, as files have it.
std::array<double, 3> in_order(const std::array<double, 3>& rgb, ChannelOrder order) {
  return order == ChannelOrder::rgb ? rgb : std::array<double, 3>{rgb[2], rgb[1], rgb[0]};
}

void read_three(const Metadata& metadata, const char* key, double low, double high, ChannelOrder order,
                std::string_view source, std::array<double, 3>& target) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return;
  const std::vector<std::optional<double>> values = parse_numbers(found->second);
  const auto good = [&](const std::optional<double>& value) {
    return value && *value >= low && *value <= high;
  };
  if (values.size() != 3 || !std::all_of(values.begin(), values.end(), good))
    refuse(source, key, found->second, "three numbers of a sensible size");
  target = in_order({*values[0], *values[1], *values[2]}, order);
}

std::string text_of(const std::array<double, 3>& rgb, ChannelOrder order) {
  const std::array<double, 3> values = in_order(rgb, order);
  return fmt::format("{},{},{}", values[0], values[1], values[2]);
}

const char* order_name(ChannelOrder order) {
  return order == ChannelOrder::rgb ? "rgb" : "bgr";
}

}  // namespace

Convention caffe_convention(ChannelOrder order) {
  Convention convention;
  convention.order = order;
  return convention;
}

Convention torchvision_convention(ChannelOrder order) {
  return {order, 1, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}};
}

std::string convention_name(const Convention& convention) {
  const char* order = order_name(convention.order);
  if (convention == caffe_convention(convention.order)) return fmt::format("caffe-{}-mean", order);
  if (convention == torchvision_convention(convention.order))
    return fmt::format("torchvision-{}-normalised", order);
  return "other";
}

Convention convention_of(const Metadata& metadata, std::string_view source) {
  Convention convention;
  if (const auto order = metadata.find("input_order"); order != metadata.end()) {
    if (order->second != "bgr" && order->second != "rgb")
      refuse(source, "input_order", order->second, "bgr or rgb");
    convention.order = order->second == "rgb" ? ChannelOrder::rgb : ChannelOrder::bgr;
  }
  if (const auto range = metadata.find("input_range"); range != metadata.end()) {
    const std::optional<double> value = parse_number(range->second);
    if (!value || *value <= 0 || *value > kMaxRange)
      refuse(source, "input_range", range->second, "a number above 0");
    convention.range = *value;
  }
  read_three(metadata, "input_mean", -kMaxRange, kMaxRange, convention.order, source, convention.mean);
  read_three(metadata, "input_std", kMinDeviation, kMaxRange, convention.order, source, convention.deviation);
  return convention;
}

Metadata convention_metadata(const Convention& convention) {
  return {{"convention", convention_name(convention)},
          {"input_order", order_name(convention.order)},
          {"input_range", fmt::format("{}", convention.range)},
          {"input_mean", text_of(convention.mean, convention.order)},
          {"input_std", text_of(convention.deviation, convention.order)}};
}

NetworkInput network_input(const InputConvention& recipe, const Convention& network) {
  const Convention oxford = caffe_convention(ChannelOrder::bgr);
  const bool swaps = recipe.order != oxford.order;
  const ChannelOrder other = network.order == ChannelOrder::bgr ? ChannelOrder::rgb : ChannelOrder::bgr;
  NetworkInput input{swaps ? other : network.order, {}, {}};
  for (size_t c = 0; c < 3; ++c) {
    const double mean = recipe.mean[c] / recipe.deviation[c];
    const double shift = network.range * (oxford.mean[c] - mean) / oxford.range;
    input.scale[c] =
        network.range * recipe.range / recipe.deviation[c] / (oxford.range * network.deviation[c]);
    input.mean[c] = (network.mean[c] - shift) / network.deviation[c];
  }
  return input;
}

}  // namespace impasto::network
