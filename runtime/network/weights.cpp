// Importing, checking and listing weight files.
#include "impasto/weights.h"

#include "base/mapped_file.h"
#include "impasto/error.h"
#include "network/import/weight_file.h"
#include "network/installed.h"
#include "network/network.h"
#include "network/public_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace impasto {
namespace {

using namespace network;

Convention convention_for(WeightsPreprocessing preprocessing, ChannelOrder order) {
  return preprocessing == WeightsPreprocessing::caffe ? caffe_convention(order)
                                                      : torchvision_convention(order);
}

[[noreturn]] void ask_for_convention(const std::filesystem::path& file, const std::string& kind) {
  throw Error(ErrorKind::usage, fmt::format("{}: a {} does not tell what its network was trained to see; say "
                                            "it with --preprocessing caffe or torchvision "
                                            "(and --order bgr or rgb)",
                                            file.string(), kind));
}

// Flags first, then the published file that this is, then the kind of file.
Convention decide_convention(const std::filesystem::path& file, std::span<const std::byte> bytes,
                             const WeightFile& read, const ImportOptions& options) {
  std::optional<Convention> convention = read.convention;
  if (!convention && !options.preprocessing) convention = published_convention(bytes);
  if (options.preprocessing) {
    const ChannelOrder usual =
        *options.preprocessing == WeightsPreprocessing::caffe ? ChannelOrder::bgr : ChannelOrder::rgb;
    convention = convention_for(*options.preprocessing, options.order.value_or(usual));
  }
  if (!convention) ask_for_convention(file, read.kind);
  if (options.order) convention->order = *options.order;
  return *convention;
}

std::optional<KernelLayout> layout_of(const ImportOptions& options) {
  if (!options.layout) return std::nullopt;
  return *options.layout == WeightsLayout::oihw ? KernelLayout::oihw : KernelLayout::hwio;
}

Safetensors as_contents(const std::vector<TensorToWrite>& tensors) {
  Safetensors contents;
  for (const TensorToWrite& tensor : tensors)
    contents.tensors[tensor.name] = {ElementType::f32, tensor.shape, std::as_bytes(std::span(tensor.values))};
  return contents;
}

void check_finite(const std::vector<TensorToWrite>& tensors, const std::filesystem::path& file) {
  for (const TensorToWrite& tensor : tensors) {
    const auto bad = std::find_if(tensor.values.begin(), tensor.values.end(),
                                  [](float value) { return !std::isfinite(value); });
    if (bad != tensor.values.end())
      throw Error(
          ErrorKind::input,
          fmt::format(
              "{}: has a value that is not finite in {}, element {}; use another file of these weights",
              file.string(), tensor.name, bad - tensor.values.begin()));
  }
}

std::string metadata_value(const Network& network, const char* key) {
  const auto found = network.metadata().find(key);
  return found == network.metadata().end() ? "" : found->second;
}

WeightsReport report_of(const Network& network) {
  const Convention& convention = network.convention();
  WeightsReport report{network.file(),
                       network.name(),
                       convention_name(convention),
                       convention.order,
                       convention.range,
                       convention.mean,
                       convention.deviation,
                       {},
                       0,
                       metadata_value(network, "source"),
                       metadata_value(network, "license")};
  for (const Convolution& convolution : network.convolutions()) {
    report.convolutions.push_back(convolution.name);
    report.parameters += uint64_t(convolution.outputs) * (uint64_t(convolution.inputs) * 9 + 1);
  }
  return report;
}

}  // namespace

WeightsReport import_weights(const std::filesystem::path& file, const std::filesystem::path& output,
                             const ImportOptions& options) {
  const MappedFile map(file);
  const WeightFile read = read_weight_file(file, map.bytes());
  const std::vector<TensorToWrite> tensors =
      assemble_network(read.tensors, layout_of(options), read.usual, file.string());
  const Architecture architecture = recognise_network(as_contents(tensors), file);
  check_finite(tensors, file);
  std::map<std::string, std::string> metadata =
      convention_metadata(decide_convention(file, map.bytes(), read, options));
  metadata["format"] = "pt";  // what other readers of the format ask for
  metadata["model"] = architecture.name;
  metadata["source"] = fmt::format("{}, a {}", file.filename().string(), read.kind);
  if (!options.license.empty()) metadata["license"] = options.license;
  write_safetensors(output, tensors, metadata, options.overwrite);
  return report_of(Network(output));
}

WeightsReport verify_weights(const std::filesystem::path& file) {
  const Network network(file);
  network.check_finite();
  return report_of(network);
}

std::vector<InstalledWeights> list_installed() {
  std::vector<InstalledWeights> installed;
  for (const std::filesystem::path& folder : model_folders()) {
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      const std::filesystem::path& path = entry->path();
      const std::string name = path.stem().string();
      const bool known = std::any_of(installed.begin(), installed.end(),
                                     [&](const InstalledWeights& other) { return other.name == name; });
      std::error_code ignored;
      if (path == folder / weights_file_name(name) && !known && entry->is_regular_file(ignored))
        installed.push_back({name, path});
    }
  }
  std::sort(installed.begin(), installed.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return installed;
}

}  // namespace impasto
