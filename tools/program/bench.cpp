// impasto bench: what an iteration costs.
#include "impasto/bench.h"

#include "base/atomic_file.h"
#include "byte_text.h"
#include "commands.h"
#include "flag_values.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "plan_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <span>

namespace impasto::cli {
namespace {

struct BenchFlags {
  BenchRequest request;
  std::string recipe;
  std::string optimizer;
  std::string precision;
  std::string json;
  bool overwrite = false;
};

constexpr int kMaxIterations = 1'000'000;

void check(const BenchRequest& request) {
  for (const int size : request.sizes) {
    if (size < 1 || size > kMaxImageSide)
      throw Error(ErrorKind::usage, fmt::format("--size {} is not from 1 to {} pixels", size, kMaxImageSide));
  }
  for (const int tile : request.tiles) {
    if (tile != 0 && (tile < kSmallestTile || tile > kMaxImageSide || tile % kTileMultiple != 0))
      throw Error(ErrorKind::usage,
                  fmt::format("--tile {} is neither 0 nor a multiple of {} from {} to {} pixels", tile,
                              kTileMultiple, kSmallestTile, kMaxImageSide));
  }
  if (request.iterations < 1 || request.iterations > kMaxIterations)
    throw Error(ErrorKind::usage,
                fmt::format("--iterations {} is not from 1 to {}", request.iterations, kMaxIterations));
}

nlohmann::ordered_json row_json(const BenchRow& row) {
  nlohmann::ordered_json kernels = nlohmann::ordered_json::array();
  for (const BenchKernel& kernel : row.kernels)
    kernels.push_back({{"name", kernel.name},
                       {"ms", kernel.ms},
                       {"processor_ms", kernel.processor_ms},
                       {"calls", kernel.calls}});
  nlohmann::ordered_json memory = nlohmann::ordered_json::object();
  for (const MemoryUse& use : row.memory) memory[use.what] = use.bytes;
  return {{"size", row.size},
          {"model", row.model},
          {"precision", row.precision},
          {"iteration_ms", row.iteration_ms},
          {"processor_ms", row.processor_ms},
          {"gflops", row.gflops},
          {"peak_fraction", row.peak_fraction},
          {"tile", row.tile},
          {"deep_tile", row.deep_tile},
          {"parting", row.parting},
          {"overhead", row.overhead},
          {"planned_bytes", row.planned_bytes},
          {"device_bytes", row.device_bytes},
          {"memory", memory},
          {"kernels", kernels}};
}

void write_json(const BenchFlags& flags, const BenchReport& report) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const BenchRow& row : report.rows) rows.push_back(row_json(row));
  nlohmann::ordered_json trials = nlohmann::ordered_json::array();
  for (const BenchTrial& trial : report.trials)
    trials.push_back(
        {{"rows", trial.rows}, {"kernel", trial.kernel}, {"ms", trial.ms}, {"chosen", trial.chosen}});
  const nlohmann::ordered_json json{{"device", report.device},
                                    {"driver", report.driver},
                                    {"peak_gflops", report.peak_gflops},
                                    {"processor_peak_gflops", report.processor_peak_gflops},
                                    {"trials", trials},
                                    {"rows", rows}};
  const std::string text = json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  write_file(flags.json, std::as_bytes(std::span(text)), flags.overwrite);
}

void print_report(const BenchReport& report) {
  const bool on_cpu = report.processor_peak_gflops > 0;
  fmt::print("{} ({}), at most {:.0f} GFLOP/s{}\n", report.device, report.driver,
             on_cpu ? report.processor_peak_gflops : report.peak_gflops, on_cpu ? " a processor" : "");
  for (const BenchTrial& trial : report.trials)
    fmt::print("  {:>4} rows: {:<16} {:>10.3f} ms{}\n", trial.rows, trial.kernel, trial.ms,
               trial.chosen ? ", chosen" : "");
  for (const BenchRow& row : report.rows) {
    const std::string tiles =
        row.tile > 0 ? " " + tiles_text(row.tile, row.deep_tile, row.parting, row.size) : "";
    const std::string planned = row.device_bytes == row.planned_bytes
                                    ? "as planned"
                                    : fmt::format("{} planned", byte_text(row.planned_bytes));
    fmt::print(
        "\n{}x{} {} {}{}: {:.2f} ms an iteration, {:.2f} of processor time; {:.1f} GFLOP/s of convolutions, "
        "{:.2f} of the most; {} of device memory, {}\n",
        row.size, row.size, row.model, row.precision, tiles, row.iteration_ms, row.processor_ms, row.gflops,
        row.peak_fraction, byte_text(row.device_bytes), planned);
    if (row.tile > 0 && row.overhead > 0)
      fmt::print("  {:.2f} of the processor time that it takes whole\n", row.overhead);
    for (const BenchKernel& kernel : row.kernels)
      fmt::print("  {:<36} {:>10.3f} ms {:>10.3f} of processor time {:>6} calls\n", kernel.name, kernel.ms,
                 kernel.processor_ms, kernel.calls);
  }
}

int run_bench(const BenchFlags& flags) {
  check(flags.request);
  BenchRequest request = flags.request;
  if (!flags.precision.empty()) request.precision = parse_precision(flags.precision);
  if (!flags.recipe.empty()) request.recipe = load_recipe(flags.recipe);
  if (!flags.optimizer.empty())
    request.recipe = with_optimizer(request.recipe, parse_optimizer(flags.optimizer));
  if (!flags.json.empty())
    const AtomicFile probe(flags.json, flags.overwrite);  // refuses early, leaves nothing
  const BenchReport report = bench(request);
  print_report(report);
  if (!flags.json.empty()) write_json(flags, report);
  return 0;
}

}  // namespace

void add_bench(CLI::App& app, Action& chosen) {
  const auto flags = std::make_shared<BenchFlags>();
  BenchRequest& request = flags->request;
  CLI::App* command = app.add_subcommand("bench", "Measure what an iteration costs");
  command
      ->add_option("--size", request.sizes, "Side of a square picture in pixels; repeat the flag for several")
      ->option_text("N")
      ->allow_extra_args(false);
  command->add_option("--iterations", request.iterations, "Measured for each size")->option_text("N");
  command->add_option("-r,--recipe", flags->recipe, "A recipe's name or JSON file")->option_text("NAME|FILE");
  command->add_option("--optimizer", flags->optimizer, "Instead of the recipe's own")
      ->option_text("adam|lbfgs");
  command->add_option("-m,--model", request.model, "The network: a name, or its safetensors file")
      ->option_text("compact|vgg19|vgg16|FILE");
  command
      ->add_option("-t,--tile", request.tiles,
                   "Evaluate in tiles of N pixels; 0 is whole; repeat the flag for several")
      ->option_text("N")
      ->allow_extra_args(false);
  command->add_option("--precision", flags->precision, "As what weights, features and gradients are stored")
      ->option_text("auto|fp32|fp16");
  command->add_option("-g,--device", request.device, "The device (see impasto devices)")
      ->option_text("INDEX|NAME-PART");
  command->add_flag("--tune", request.tune,
                    "First measure which kernels are fastest here (at most 10 s), and use them from now on");
  command->add_option("--json", flags->json, "Also write the report to a file")->option_text("FILE");
  command->add_flag("--overwrite", flags->overwrite, "Replace a report that exists");
  command->callback([flags, &chosen] { chosen = [flags] { return run_bench(*flags); }; });
}

}  // namespace impasto::cli
