// Recognises VGG in a safetensors file and checks that its layers fit one another.
#include "network/network.h"

#include "base/nearest.h"
#include "base/shown.h"
#include "impasto/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace impasto::network {
namespace {

constexpr uint64_t kMaxChannels = 65'536;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
  throw Error(ErrorKind::input,
              fmt::format("{}: {}; name a file with the weights of VGG-16 or VGG-19", file.string(), what));
}

bool has_layer(const Safetensors& contents, const LayerId& layer) {
  return contents.tensors.count(layer.convolution_name() + ".weight") != 0;
}

// Only VGG-19 has a fourth convolution in a block.
const Topology& recognise(const Safetensors& contents) {
  for (const LayerId& layer : layers(kVgg19)) {
    if (layer.convolution == 4 && has_layer(contents, layer)) return kVgg19;
  }
  return kVgg16;
}

// The layers that are there, which must be the topology's first.
std::vector<LayerId> present_layers(const Safetensors& contents, const Topology& topology,
                                    const std::filesystem::path& file) {
  std::vector<LayerId> present;
  std::string missing;
  for (const LayerId& layer : layers(topology)) {
    if (!has_layer(contents, layer)) {
      if (missing.empty()) missing = layer.convolution_name();
    } else if (!missing.empty()) {
      refuse(file, fmt::format("has {}.weight but no {}.weight, which {} has before it",
                               layer.convolution_name(), missing, topology.name));
    } else {
      present.push_back(layer);
    }
  }
  if (!present.empty()) return present;
  if (contents.tensors.empty()) refuse(file, "has no tensor at all");
  refuse(file, fmt::format("has no tensor \"conv1_1.weight\" (its first is \"{}\")",
                           shown(contents.tensors.begin()->first)));
}

Convolution check_convolution(const Safetensors& contents, const LayerId& layer, int inputs,
                              const std::filesystem::path& file) {
  Convolution convolution{layer, layer.convolution_name(), layer.activation_name(), inputs, 0, false};
  convolution.pool_before = layer.block > 1 && layer.convolution == 1;
  const std::vector<uint64_t>& shape = contents.tensors.at(convolution.name + ".weight").shape;
  if (shape.size() != 4 || shape[0] == 0 || shape[0] > kMaxChannels ||
      shape[1] != static_cast<uint64_t>(inputs) || shape[2] != 3 || shape[3] != 3)
    refuse(file, fmt::format("gives {}.weight the shape [{}] instead of [outputs, {}, 3, 3]",
                             convolution.name, fmt::join(shape, ", "), inputs));
  convolution.outputs = static_cast<int>(shape[0]);
  const auto bias = contents.tensors.find(convolution.name + ".bias");
  if (bias == contents.tensors.end()) refuse(file, fmt::format("has no {}.bias", convolution.name));
  if (bias->second.shape != std::vector<uint64_t>{shape[0]})
    refuse(file, fmt::format("gives {}.bias the shape [{}] instead of [{}]", convolution.name,
                             fmt::join(bias->second.shape, ", "), shape[0]));
  return convolution;
}

}  // namespace

Architecture recognise_network(const Safetensors& contents, const std::filesystem::path& file) {
  const Topology& topology = recognise(contents);
  Architecture architecture{std::string(topology.name), {}};
  int inputs = 3;
  for (const LayerId& layer : present_layers(contents, topology, file)) {
    architecture.convolutions.push_back(check_convolution(contents, layer, inputs, file));
    inputs = architecture.convolutions.back().outputs;
  }
  return architecture;
}

Network::Network(const std::filesystem::path& file)
    : path_(file),
      file_(std::make_shared<const SafetensorsFile>(file)),
      architecture_(recognise_network(file_->contents(), file)),
      convention_(convention_of(file_->contents().metadata, file.string())) {}

std::string Network::title() const {
  const auto found = metadata().find("name");
  return found == metadata().end() ? name() : shown(found->second);
}

size_t Network::find(std::string_view activation) const {
  std::vector<std::string> known;
  for (size_t i = 0; i < convolutions().size(); ++i) {
    if (convolutions()[i].activation == activation) return i;
    known.push_back(convolutions()[i].activation);
  }
  // Of a layer that the network does not reach or leaves out, the one before; names of one form sort as layers do.
  const auto after = std::upper_bound(known.begin(), known.end(), activation);
  const std::string near =
      parse_layer(activation) && after != known.begin() ? after[-1] : nearest_name(activation, known);
  throw Error(ErrorKind::usage,
              fmt::format("{} has no layer \"{}\" and ends at {}; choose layers that it has (the nearest is "
                          "\"{}\"), or a network that has this one: impasto weights fetch vgg19",
                          path_.string(), shown(activation), known.back(), near));
}

std::vector<float> Network::values(const std::string& tensor) const {
  const StoredTensor& stored = file_->contents().tensors.at(tensor);
  if (const std::optional<uint64_t> index = stored.first_not_finite())
    refuse(path_, fmt::format("has a value that is not finite in {}, element {}", tensor, *index));
  return stored.floats();
}

std::vector<float> Network::weights(size_t convolution) const {
  return values(convolutions().at(convolution).name + ".weight");
}

std::vector<float> Network::bias(size_t convolution) const {
  return values(convolutions().at(convolution).name + ".bias");
}

void Network::check_finite() const {
  for (size_t i = 0; i < convolutions().size(); ++i) {
    weights(i);
    bias(i);
  }
}

}  // namespace impasto::network
