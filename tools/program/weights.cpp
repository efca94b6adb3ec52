// impasto weights: list, fetch, import and verify.
#include "impasto/weights.h"

#include "byte_text.h"
#include "commands.h"
#include "flag_values.h"
#include "interrupt.h"
#include "progress_line.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <set>

namespace impasto::cli {
namespace {

struct WeightsFlags {
  std::string name;
  std::string file;
  std::string output;
  std::string layout;
  std::string order;
  std::string preprocessing;
  bool overwrite = false;
  bool json = false;
  bool quiet = false;
};

nlohmann::ordered_json json_of(const WeightsReport& report) {
  return {{"file", report.file.string()},    {"network", report.network},
          {"convention", report.convention}, {"order", report.order == ChannelOrder::rgb ? "rgb" : "bgr"},
          {"range", report.range},           {"mean", report.mean},
          {"std", report.deviation},         {"convolutions", report.convolutions},
          {"parameters", report.parameters}, {"source", report.source},
          {"license", report.license}};
}

void print_report(const WeightsReport& report, bool json) {
  if (json) {
    fmt::print("{}\n", json_of(report).dump(2));
    return;
  }
  fmt::print("{}: {} to {}, {} convolutions, {:.2f} million parameters\n", report.file.string(),
             report.network, report.convolutions.back(), report.convolutions.size(),
             static_cast<double>(report.parameters) / 1e6);
  fmt::print("input: {} ({}, 0 to {}, mean {:g}, deviation {:g}; in RGB order)\n", report.convention,
             report.order == ChannelOrder::rgb ? "RGB" : "BGR", report.range, fmt::join(report.mean, " "),
             fmt::join(report.deviation, " "));
  if (!report.source.empty()) fmt::print("source: {}\n", report.source);
  if (!report.license.empty()) fmt::print("license: {}\n", report.license);
}

int list(const WeightsFlags& flags) {
  const std::vector<InstalledWeights> installed = list_installed();
  if (flags.json) {
    nlohmann::ordered_json text = nlohmann::ordered_json::array();
    for (const InstalledWeights& weights : installed)
      text.push_back({{"name", weights.name}, {"file", weights.file.string()}});
    fmt::print("{}\n", text.dump(2));
    return 0;
  }
  for (const InstalledWeights& weights : installed)
    fmt::print("{:<20} {}\n", weights.name, weights.file.string());
  std::set<std::string> said;
  for (const InstalledWeights& weights : installed) said.insert(weights.name);
  for (const WeightsSource& source : fetchable_weights())
    if (said.insert(source.name).second)
      fmt::print("{:<20} not installed; impasto weights fetch {}{} ({}; {})\n", source.name, source.name,
                 source.bytes == 0 ? "" : ", " + byte_text(source.bytes), source.convention, source.license);
  return 0;
}

int fetch(const WeightsFlags& flags) {
  watch_interrupts();
  ProgressLine line(flags.quiet);
  FetchOptions options;
  options.progress = [&](const FetchProgress& progress) {
    const std::string of = progress.total == 0 ? "" : fmt::format(" of {}", byte_text(progress.total));
    line.show(fmt::format("{}: {}{}", progress.url, byte_text(progress.bytes), of));
    return !interrupted();
  };
  const std::filesystem::path file = fetch_weights(flags.name, options);
  line.clear();
  print_report(verify_weights(file), flags.json);
  return 0;
}

ImportOptions import_options(const WeightsFlags& flags) {
  ImportOptions options;
  options.overwrite = flags.overwrite;
  if (!flags.layout.empty())
    options.layout = static_cast<WeightsLayout>(parse_choice("--layout", flags.layout, {"oihw", "hwio"}));
  if (!flags.order.empty())
    options.order = static_cast<ChannelOrder>(parse_choice("--order", flags.order, {"bgr", "rgb"}));
  if (!flags.preprocessing.empty())
    options.preprocessing = static_cast<WeightsPreprocessing>(
        parse_choice("--preprocessing", flags.preprocessing, {"caffe", "torchvision"}));
  return options;
}

int import_file(const WeightsFlags& flags) {
  print_report(import_weights(flags.file, flags.output, import_options(flags)), flags.json);
  return 0;
}

int verify(const WeightsFlags& flags) {
  print_report(verify_weights(flags.file), flags.json);
  return 0;
}

using Flags = std::shared_ptr<WeightsFlags>;

CLI::App* add_command(CLI::App& parent, const char* name, const char* what, const Flags& flags,
                      Action& chosen, int (*run)(const WeightsFlags&)) {
  CLI::App* command = parent.add_subcommand(name, what);
  command->add_flag("--json", flags->json, "Print JSON and nothing else");
  command->callback([flags, &chosen, run] { chosen = [flags, run] { return run(*flags); }; });
  return command;
}

void add_import_flags(CLI::App& command, WeightsFlags& flags) {
  command
      .add_option("file", flags.file, "A .pth, .h5, .mat, .caffemodel, .npz, model.json or .safetensors file")
      ->option_text("FILE")
      ->required();
  command.add_option("-o,--output", flags.output, "The safetensors file to write")
      ->option_text("FILE")
      ->required();
  command.add_option("--layout", flags.layout, "Order of the kernels' axes, when the file does not tell")
      ->option_text("oihw|hwio");
  command.add_option("--order", flags.order, "Order of the input's channels, likewise")
      ->option_text("bgr|rgb");
  command.add_option("--preprocessing", flags.preprocessing, "What the network was trained to see, likewise")
      ->option_text("caffe|torchvision");
  command.add_flag("--overwrite", flags.overwrite, "Replace an existing output");
}

}  // namespace

void add_weights(CLI::App& app, Action& chosen) {
  const auto flags = std::make_shared<WeightsFlags>();
  CLI::App* weights = app.add_subcommand("weights", "List, fetch, import or check the weights of networks");
  weights->require_subcommand(1);
  add_command(*weights, "list", "List what is installed", flags, chosen, list);
  CLI::App* fetching =
      add_command(*weights, "fetch", "Download a network, check it and install it", flags, chosen, fetch);
  fetching->add_option("name", flags->name, "vgg19, vgg16, vgg19-torchvision or vgg16-torchvision")
      ->option_text("NAME")
      ->required();
  fetching->add_flag("-q,--quiet", flags->quiet, "Show no progress");
  add_import_flags(*add_command(*weights, "import", "Convert a weight file of another program", flags, chosen,
                                import_file),
                   *flags);
  CLI::App* verifying = add_command(
      *weights, "verify", "Check every value of a weight file, and say what it is", flags, chosen, verify);
  verifying->add_option("file", flags->file, "The safetensors file")->option_text("FILE")->required();
}

}  // namespace impasto::cli
