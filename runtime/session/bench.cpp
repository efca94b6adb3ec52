// Measures iterations of a recipe on square pictures.
#include "impasto/bench.h"

#include "impasto/recipe.h"
#include "kernels/pooling.h"
#include "network/installed.h"
#include "session/edge.h"
#include "session/engine.h"
#include "session/stage.h"
#include "session/start.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace impasto {
namespace session {
namespace {

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

double convolution_flops(const plan::DeviceNetwork& network, const Recipe& recipe, int size) {
  kernels::Shape shape{3, size, size};
  double flops = 0;
  for (const plan::DeviceNetwork::Layer& layer : network.layers()) {
    if (layer.convolution.pool_before) shape = kernels::pooled(shape, recipe.rounding);
    flops += 2 * kernels::convolution_flops(layer.weights.inputs, layer.weights.outputs,
                                            shape);  // forward and data gradient
  }
  return flops;
}

BenchRow measure(Engine& engine, const Recipe& recipe, const BenchRequest& request, int size) {
  const StageInputs inputs{noise_picture(size, 1), {noise_picture(size, 2)}, {1.0}};
  StageRun run(engine, recipe, inputs, noise_picture(size, 3));
  run.submit(0);
  run.finish();
  std::vector<double> times;
  for (int i = 0; i < request.iterations; i++) {
    const auto begun = std::chrono::steady_clock::now();
    run.submit(0);
    run.finish();
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
  }
  BenchRow row;
  row.size = size;
  row.iteration_ms = median(times);
  row.gflops = convolution_flops(engine.weights(), recipe, size) / row.iteration_ms / 1e6;
  row.device_bytes = engine.device().peak_bytes();
  for (const vulkan::KindTime& time : run.kernel_times())
    row.kernels.push_back({time.kind, time.milliseconds, time.calls});
  std::sort(row.kernels.begin(), row.kernels.end(),
            [](const BenchKernel& a, const BenchKernel& b) { return a.ms > b.ms; });
  return row;
}

}  // namespace
}  // namespace session

BenchReport bench(const BenchRequest& request) {
  return session::at_edge([&] {
    const Recipe& recipe = find_recipe(request.recipe);
    const network::Network network(network::find_model(request.model).file);
    BenchReport report;
    for (const int size : request.sizes) {
      session::Engine engine(session::device_options(request.device), network,
                             session::depth_of(network, recipe));
      report.device = engine.device().caps().name;
      report.driver = engine.device().caps().driver;
      report.rows.push_back(session::measure(engine, recipe, request, size));
      report.rows.back().model = network.title();
      engine.device().save_pipeline_cache();
    }
    return report;
  });
}

}  // namespace impasto
