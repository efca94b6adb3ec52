// Layer names of VGG: one parser for all the spellings.
#include "network/layers.h"

#include "base/nearest.h"
#include "base/shown.h"
#include "impasto/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace impasto::network {
namespace {

struct Spelling {
  std::string_view before_block;
  std::string_view between;
};

constexpr std::array<Spelling, 4> kSpellings{{{"relu", "_"}, {"conv", "_"}, {"block", "_conv"}, {"r", ""}}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool skip(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<int> digit(std::string_view& text) {
  if (text.empty() || text.front() < '1' || text.front() > '9') return std::nullopt;
  const int value = text.front() - '0';
  text.remove_prefix(1);
  return value;
}

std::optional<LayerId> parse_spelling(std::string_view text, const Spelling& spelling) {
  if (!skip(text, spelling.before_block)) return std::nullopt;
  const std::optional<int> block = digit(text);
  if (!block || !skip(text, spelling.between)) return std::nullopt;
  const std::optional<int> convolution = digit(text);
  if (!convolution || !text.empty()) return std::nullopt;
  return LayerId{*block, *convolution};
}

bool exists(const LayerId& layer) {
  if (layer.block > static_cast<int>(kVgg19.convolutions.size())) return false;
  return layer.convolution <= kVgg19.convolutions[static_cast<size_t>(layer.block) - 1];
}

}  // namespace

std::string LayerId::convolution_name() const {
  return fmt::format("conv{}_{}", block, convolution);
}
std::string LayerId::activation_name() const {
  return fmt::format("relu{}_{}", block, convolution);
}

std::vector<LayerId> layers(const Topology& topology) {
  std::vector<LayerId> result;
  for (size_t block = 0; block < topology.convolutions.size(); ++block) {
    for (int i = 1; i <= topology.convolutions[block]; ++i)
      result.push_back({static_cast<int>(block) + 1, i});
  }
  return result;
}

std::optional<LayerId> parse_layer(std::string_view name) {
  std::string text(name.substr(0, 32));
  std::transform(text.begin(), text.end(), text.begin(), lower);
  for (const Spelling& spelling : kSpellings) {
    const std::optional<LayerId> layer = parse_spelling(text, spelling);
    if (layer && exists(*layer)) return layer;
  }
  return std::nullopt;
}

std::string canonical_layer(std::string_view name) {
  if (const std::optional<LayerId> layer = parse_layer(name)) return layer->activation_name();
  std::vector<std::string> known;
  for (const Spelling& spelling : kSpellings) {
    for (const LayerId& layer : layers(kVgg19))
      known.push_back(
          fmt::format("{}{}{}{}", spelling.before_block, layer.block, spelling.between, layer.convolution));
  }
  throw Error(ErrorKind::usage, fmt::format("there is no layer \"{}\"; the nearest is \"{}\"", shown(name),
                                            nearest_name(name, known)));
}

}  // namespace impasto::network
