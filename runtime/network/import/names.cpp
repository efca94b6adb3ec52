// Takes names apart from their end: what is stored, then which layer it belongs to.
#include "network/import/names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace impasto::network {
namespace {

struct Role {
  std::string_view suffix;
  bool is_bias;
};

// Keras 1 ends its names in "_W_1" and "_b_1".
constexpr std::array<Role, 9> kRoles{{{"weights", false},
                                      {"weight", false},
                                      {"kernel", false},
                                      {"_w_1", false},
                                      {"_w", false},
                                      {"biases", true},
                                      {"bias", true},
                                      {"_b_1", true},
                                      {"_b", true}}};

constexpr std::string_view kSeparators = "./_";
constexpr size_t kMaxName = 512;

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

// Removes and returns what follows the last '.' or '/'.
std::string_view take_component(std::string_view& text) {
  const size_t separator = text.find_last_of("./");
  const std::string_view component = separator == std::string_view::npos ? text : text.substr(separator + 1);
  text = separator == std::string_view::npos ? std::string_view() : text.substr(0, separator);
  return component;
}

std::optional<int> parse_position(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<ParameterName> parse_owner(std::string_view owner, bool is_bias) {
  const std::string_view component = take_component(owner);
  if (const std::optional<LayerId> layer = parse_layer(component))
    return ParameterName{layer, std::nullopt, is_bias};
  const std::optional<int> position = parse_position(component);
  if (!position) return std::nullopt;
  const std::string_view sequence = take_component(owner);
  if (!sequence.empty() && sequence != "features") return std::nullopt;
  return ParameterName{std::nullopt, position, is_bias};
}

}  // namespace

std::optional<ParameterName> parse_parameter(std::string_view name) {
  if (name.size() > kMaxName) return std::nullopt;
  const std::string text = lower(name);
  std::string_view rest = text;
  if (rest.ends_with(":0")) rest.remove_suffix(2);
  for (const Role& role : kRoles) {
    if (!rest.ends_with(role.suffix)) continue;
    std::string_view owner = rest.substr(0, rest.size() - role.suffix.size());
    while (!owner.empty() && kSeparators.find(owner.back()) != std::string_view::npos) owner.remove_suffix(1);
    return parse_owner(owner, role.is_bias);
  }
  return std::nullopt;
}

std::optional<LayerId> layer_at(const Topology& topology, int position) {
  int at = 0;
  for (const LayerId& layer : layers(topology)) {
    if (layer.block > 1 && layer.convolution == 1) ++at;
    if (at == position) return layer;
    at += 2;
  }
  return std::nullopt;
}

const Topology* topology_of(const std::set<int>& positions) {
  for (const Topology* topology : {&kVgg16, &kVgg19})
    if (std::all_of(positions.begin(), positions.end(),
                    [&](int position) { return layer_at(*topology, position).has_value(); }))
      return topology;
  return nullptr;
}

}  // namespace impasto::network
