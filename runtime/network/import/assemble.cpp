// Names, layout and order of the tensors of a network.
#include "network/import/assemble.h"

#include "base/shown.h"
#include "impasto/error.h"
#include "network/import/names.h"
#include "network/import/refuse.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace impasto::network {
namespace {

constexpr uint64_t kKernelSide = 3;
constexpr uint64_t kPictureChannels = 3;

struct Parameters {
  const FoundTensor* weight = nullptr;
  const FoundTensor* bias = nullptr;
};

using Layers = std::map<std::string, Parameters>;  // by the convolution's name

// Of VGG-16 or VGG-19, for tensors that are named by their position.
const Topology& positions_topology(const std::vector<FoundTensor>& found, std::string_view source) {
  std::set<int> positions;
  for (const FoundTensor& tensor : found) {
    const std::optional<ParameterName> name = parse_parameter(tensor.name);
    if (name && name->position) positions.insert(*name->position);
  }
  if (const Topology* topology = topology_of(positions)) return *topology;
  refuse_unsupported(
      source,
      "has layers at positions where neither VGG-16 nor VGG-19 has convolutions (batch normalisation?)");
}

Layers name_layers(const std::vector<FoundTensor>& found, std::string_view source) {
  const Topology& topology = positions_topology(found, source);
  Layers layers;
  for (const FoundTensor& tensor : found) {
    const std::optional<ParameterName> name = parse_parameter(tensor.name);
    if (!name) continue;
    const LayerId layer =
        name->layer ? *name->layer : layer_at(topology, *name->position).value_or(LayerId{});
    Parameters& parameters = layers[layer.convolution_name()];
    const FoundTensor*& slot = name->is_bias ? parameters.bias : parameters.weight;
    if (slot != nullptr)
      refuse_unsupported(source, fmt::format("has both \"{}\" and \"{}\" for {}", shown(slot->name),
                                             shown(tensor.name), layer.convolution_name()));
    slot = &tensor;
  }
  return layers;
}

bool fits(const FoundTensor& weight, KernelLayout layout) {
  if (weight.shape.size() != 4) return false;
  const size_t at = layout == KernelLayout::oihw ? 2 : 0;
  return weight.shape[at] == kKernelSide && weight.shape[at + 1] == kKernelSide;
}

uint64_t inputs_of(const FoundTensor& weight, KernelLayout layout) {
  return weight.shape[layout == KernelLayout::oihw ? 1 : 2];
}

// Every kernel must fit, and the first must take a picture.
bool all_fit(const Layers& layers, KernelLayout layout) {
  for (const auto& [name, parameters] : layers) {
    if (parameters.weight == nullptr) continue;
    if (!fits(*parameters.weight, layout)) return false;
    if (name == "conv1_1" && inputs_of(*parameters.weight, layout) != kPictureChannels) return false;
  }
  return true;
}

KernelLayout decide_layout(const Layers& layers, std::optional<KernelLayout> usual, std::string_view source) {
  const bool oihw = all_fit(layers, KernelLayout::oihw), hwio = all_fit(layers, KernelLayout::hwio);
  if (!oihw && !hwio)
    refuse_unsupported(source, "has kernels that are not 3×3, or whose first does not take three channels");
  if (oihw != hwio) return oihw ? KernelLayout::oihw : KernelLayout::hwio;
  if (usual) return *usual;
  throw Error(
      ErrorKind::usage,
      fmt::format("{}: its kernels can be read as OIHW and as HWIO; say which with --layout oihw or hwio",
                  source));
}

TensorToWrite weight_of(const FoundTensor& found, const std::string& layer, KernelLayout layout,
                        std::string_view source) {
  const std::vector<size_t> axes =
      layout == KernelLayout::oihw ? std::vector<size_t>{0, 1, 2, 3} : std::vector<size_t>{3, 2, 0, 1};
  if (!fits(found, layout))
    refuse_unsupported(source,
                       fmt::format("has \"{}\" in another shape than a kernel of 3×3", shown(found.name)));
  TensorToWrite tensor{layer + ".weight", {}, read_values(found, axes)};
  for (const size_t axis : axes) tensor.shape.push_back(found.shape[axis]);
  return tensor;
}

// Some programs keep biases as rows or columns.
TensorToWrite bias_of(const FoundTensor& found, const std::string& layer, std::string_view source) {
  const uint64_t count = element_count(found);
  if (std::any_of(found.shape.begin(), found.shape.end(),
                  [&](uint64_t side) { return side != 1 && side != count; }))
    refuse_unsupported(source, fmt::format("has \"{}\" in another shape than a list", shown(found.name)));
  return {layer + ".bias", {count}, read_values(found)};
}

}  // namespace

std::vector<TensorToWrite> assemble_network(const std::vector<FoundTensor>& found,
                                            std::optional<KernelLayout> layout,
                                            std::optional<KernelLayout> usual, std::string_view source) {
  const Layers named = name_layers(found, source);
  if (named.empty())
    refuse_unsupported(source, "has no convolution of VGG-16 or VGG-19 by any name that is known here");
  const KernelLayout used = layout ? *layout : decide_layout(named, usual, source);
  std::vector<TensorToWrite> tensors;
  for (const auto& [name, parameters] : named) {
    if (parameters.weight != nullptr) tensors.push_back(weight_of(*parameters.weight, name, used, source));
    if (parameters.bias != nullptr) tensors.push_back(bias_of(*parameters.bias, name, source));
  }
  return tensors;
}

}  // namespace impasto::network
