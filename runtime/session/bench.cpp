// Measures iterations of a recipe on square pictures.
#include "impasto/bench.h"

#include "impasto/recipe.h"
#include "kernels/probe.h"
#include "network/installed.h"
#include "plan/cost.h"
#include "session/edge.h"
#include "session/engine.h"
#include "session/estimate.h"
#include "session/stage.h"
#include "session/stage_plan.h"
#include "session/start.h"
#include "session/stopwatch.h"
#include "session/tune.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>

namespace impasto {
namespace session {
namespace {

constexpr std::chrono::seconds kTuningTime{10};
// Milliseconds of an iteration beside which what the first one has to prepare is little.
constexpr double kTooLongToRepeat = 60e3;
constexpr int kStyleSide = 1024;  // pixels at most: an iteration sees a style's statistics, not its size

Image noise_picture(int size, uint64_t seed) {
  Job job;
  job.init = "noise";
  job.seed = seed;
  job.recipe.noise = 40;  // about as strong as a photograph's contrast, so that activations are typical
  job.recipe.init = InitKind::noise;
  Image blank;
  blank.width = blank.height = size;
  blank.rgb.assign(size_t(size) * size * 3, 0.5f);
  return start_image(job, blank, blank);
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

// The median of `count` runs, each clock for itself.
Elapsed median_of(int count, const std::function<void()>& work) {
  std::vector<double> wall, processor;
  for (int i = 0; i < count; i++) {
    const Stopwatch stopwatch;
    work();
    const Elapsed elapsed = stopwatch.elapsed();
    wall.push_back(elapsed.ms);
    processor.push_back(elapsed.processor_ms);
  }
  return {median(std::move(wall)), median(std::move(processor))};
}

// Runs the probe for long enough that submitting it does not count.
void measure_peak(Engine& engine, BenchReport& report) {
  constexpr double kLongEnough = 20;   // ms
  constexpr int kMostSteps = 1 << 24;  // of which no device does so many in that time
  constexpr int kRuns = 11;
  const vulkan::Caps& caps = engine.device().caps();
  const kernels::ProbeKind kind =
      engine.weights().matrices() ? kernels::ProbeKind::matrices : kernels::ProbeKind::vectors;
  const vulkan::Buffer sums(engine.device(), kernels::probe_bytes(caps, kind), vulkan::MemoryKind::device);
  vulkan::Queue queue(engine.device());
  for (int steps = 32;; steps *= 2) {
    vulkan::Recorder recorder(engine.device());
    kernels::Context context{engine.library(), recorder};
    kernels::probe(context, kind, {steps, 0.5f, 1.0f}, sums.all());
    const vulkan::Recording recording = recorder.finish();
    const auto run = [&] { queue.wait(queue.submit(recording)); };
    run();
    if (median_of(3, run).ms < kLongEnough && steps < kMostSteps) continue;
    const Elapsed elapsed = median_of(kRuns, run);
    const double gflop = kernels::probe_flops(caps, kind, steps) / 1e9;
    report.peak_gflops = gflop / elapsed.ms * 1e3;
    if (caps.software()) report.processor_peak_gflops = gflop / elapsed.processor_ms * 1e3;
    return;
  }
}

// On a device of its own, so that what the rows hold is theirs; they find what is kept.
std::vector<BenchTrial> choose_kernels(const std::string& selector) {
  vulkan::Device device(device_options(selector));
  const TuningReport tuned = tune(kernels::Library(device), kTuningTime);
  if (!tuned.trials.empty()) keep_tuning(cache_directory(), device.caps(), tuned.tuning);
  return tuned.trials;
}

// Medians over `count` iterations, the most expensive kind first.
std::vector<BenchKernel> measure_kernels(StageRun& run, int count) {
  std::vector<std::vector<vulkan::KindTime>> runs;
  runs.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; i++) runs.push_back(run.kernel_times());
  std::vector<BenchKernel> kernels;
  for (size_t row = 0; row < runs[0].size(); row++) {  // every iteration has the same kinds in the same order
    std::vector<double> wall, processor;
    wall.reserve(runs.size());
    processor.reserve(runs.size());
    for (const std::vector<vulkan::KindTime>& times : runs) {
      wall.push_back(times[row].milliseconds);
      processor.push_back(times[row].processor_milliseconds);
    }
    kernels.push_back(
        {runs[0][row].kind, median(std::move(wall)), median(std::move(processor)), runs[0][row].calls});
  }
  std::sort(kernels.begin(), kernels.end(),
            [](const BenchKernel& a, const BenchKernel& b) { return a.ms > b.ms; });
  return kernels;
}

BenchRow measure(Engine& engine, const Recipe& recipe, const BenchRequest& request, int size, int tile,
                 const BenchReport& report) {
  const auto noise = [](int side, uint64_t seed) {
    return std::make_shared<const Image>(noise_picture(side, seed));
  };
  const int style_side = std::min(size, kStyleSide);
  const PictureSizes sizes{{size, size}, {{style_side, style_side}}};
  const StagePlan plan =
      tile == 0 ? plan_stage(engine.device(), engine.weights(), recipe, sizes, {}, Purpose::iterations)
                : fit_stage(engine.device(), engine.weights(), recipe, sizes, tile,
                            free_memory(engine.device()), Purpose::iterations);
  StageRun run(engine, recipe, {noise(size, 1), {noise(style_side, 2)}, {1.0}}, plan.layout);
  run.restore(start_point(noise_picture(size, 3), recipe));
  const auto iterate = [&] {
    run.submit(0);
    run.finish();
  };
  const Elapsed first = median_of(1, iterate);
  const bool repeats = first.ms < kTooLongToRepeat;
  const Elapsed elapsed = repeats ? median_of(request.iterations, iterate) : first;
  const double gflop = 2 * plan::network_flops(engine.weights(), recipe, size, size) / 1e9;
  BenchRow row;
  row.size = size;
  row.precision = precision_text(engine.weights().element());
  row.iteration_ms = elapsed.ms;
  row.processor_ms = elapsed.processor_ms;
  row.gflops = gflop / elapsed.ms * 1e3;
  row.peak_fraction = engine.device().caps().software()
                          ? gflop / elapsed.processor_ms * 1e3 / report.processor_peak_gflops
                          : row.gflops / report.peak_gflops;
  row.tile = plan.layout.tiling.side;
  row.deep_tile = plan.layout.tiling.deep_side;
  row.parting = plan.layout.tiling.parting;
  row.planned_bytes = plan.device_bytes;
  row.memory = plan.memory;
  run.save();  // as runs do now and then, which takes what transfers do
  row.device_bytes = engine.device().peak_bytes();
  if (repeats) row.kernels = measure_kernels(run, request.iterations);
  return row;
}

}  // namespace
}  // namespace session

BenchReport bench(const BenchRequest& request) {
  return session::at_edge([&] {
    const Recipe recipe = checked_recipe(request.recipe);
    const network::Network network(network::find_model(request.model).file);
    BenchReport report;
    if (request.tune) report.trials = session::choose_kernels(request.device);
    for (const int size : request.sizes) {
      double whole_ms = 0;
      for (const int tile : request.tiles) {
        session::Engine engine(session::device_options(request.device), network,
                               session::depth_of(network, recipe), session::element_of(request.precision));
        report.device = engine.device().caps().name;
        report.driver = engine.device().caps().driver;
        if (report.rows.empty()) session::measure_peak(engine, report);
        report.rows.push_back(session::measure(engine, recipe, request, size, tile, report));
        BenchRow& row = report.rows.back();
        row.model = network.title();
        if (tile == 0) whole_ms = row.processor_ms;
        if (whole_ms > 0) row.overhead = row.processor_ms / whole_ms;
        engine.device().save_pipeline_cache();
      }
    }
    return report;
  });
}

}  // namespace impasto
