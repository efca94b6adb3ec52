// Evaluates the network once for each style and for the content.
#include "plan/targets.h"

#include "kernels/gram.h"
#include "plan/terms.h"
#include "vulkan/queue.h"

#include <algorithm>
#include <span>

namespace impasto::plan {
namespace {

std::vector<float> download_floats(const vulkan::Region& region) {
  std::vector<float> values(region.bytes / sizeof(float));
  vulkan::download(region, std::as_writable_bytes(std::span(values)));
  return values;
}

// The Gram matrices of one picture.
std::vector<std::vector<float>> grams_of(kernels::Library& library, const DeviceNetwork& network,
                                         const Recipe& recipe, const Image& style) {
  const DeviceImage image = upload_image(library.device(), style, recipe);
  Program program;
  std::vector<Value> grams(recipe.style_layers.size());
  const auto tap = [&](size_t layer, const TensorValue& features) {
    for (size_t row = 0; row < grams.size(); row++) {
      if (network.find(recipe.style_layers[row].layer) != layer) continue;
      grams[row] = program.pinned(kernels::gram_bytes(features.shape.channels));
      const Value gram = grams[row], partials = program.value(kernels::gram_partial_bytes(features.shape));
      const auto scale = static_cast<float>(gram_scale(recipe, features.shape));
      program.add({features.value, partials}, [=](kernels::Context& context, const Program::Memory& memory) {
        kernels::gram(context, memory[features], scale, memory[partials], memory[gram]);
      });
    }
  };
  add_forward(program, network, recipe, library.caps(), program.external(image.buffer->all()), style.height,
              style.width, false, tap);
  program.allocate(library.device(), library.caps());
  run_once(library, [&](kernels::Context& context) { program.record(context); });
  std::vector<std::vector<float>> result;
  for (const Value gram : grams) result.push_back(download_floats(program.region(gram)));
  return result;
}

}  // namespace

double segment_flops(const vulkan::Caps& caps) {
  switch (caps.type) {
    case vulkan::DeviceType::discrete:
      return 2e11;
    case vulkan::DeviceType::software:
      return 2e9;
    default:
      return 2e10;
  }
}

void run_once(kernels::Library& library, const std::function<void(kernels::Context&)>& record) {
  vulkan::Recorder recorder(library.device(), {.segment_flops = segment_flops(library.caps())});
  kernels::Context context{library, recorder};
  record(context);
  const vulkan::Recording recording = recorder.finish();
  vulkan::Queue queue(library.device());
  queue.wait(queue.submit(recording));
}

DeviceImage upload_image(vulkan::Device& device, const Image& image, const Recipe& recipe) {
  std::vector<float> variable(image.rgb);
  for (float& value : variable) value = static_cast<float>(value * recipe.optimizer.variable_range);
  DeviceImage made{
      std::make_unique<vulkan::Buffer>(device, variable.size() * sizeof(float), vulkan::MemoryKind::device),
      image.height, image.width};
  vulkan::upload(made.buffer->all(), std::as_bytes(std::span(variable)));
  return made;
}

std::vector<std::vector<float>> style_targets(kernels::Library& library, const DeviceNetwork& network,
                                              const Recipe& recipe,
                                              const std::vector<WeightedStyle>& styles) {
  if (styles.size() == 1) return grams_of(library, network, recipe, *styles[0].image);
  double total = 0;
  for (const WeightedStyle& style : styles) total += style.weight;
  std::vector<std::vector<double>> sums;
  for (const WeightedStyle& style : styles) {
    const std::vector<std::vector<float>> grams = grams_of(library, network, recipe, *style.image);
    sums.resize(grams.size());
    for (size_t row = 0; row < grams.size(); row++) {
      sums[row].resize(grams[row].size());
      for (size_t i = 0; i < grams[row].size(); i++)
        sums[row][i] += style.weight / total * double(grams[row][i]);
    }
  }
  std::vector<std::vector<float>> blended;
  for (const std::vector<double>& sum : sums) blended.emplace_back(sum.begin(), sum.end());
  return blended;
}

std::vector<std::unique_ptr<vulkan::Buffer>> content_targets(kernels::Library& library,
                                                             const DeviceNetwork& network,
                                                             const Recipe& recipe, const Image& content) {
  std::vector<std::unique_ptr<vulkan::Buffer>> targets(recipe.content_layers.size());
  const DeviceImage image = upload_image(library.device(), content, recipe);
  Program program;
  const auto tap = [&](size_t layer, const TensorValue& features) {
    for (size_t row = 0; row < targets.size(); row++) {
      if (network.find(recipe.content_layers[row].layer) != layer) continue;
      targets[row] = std::make_unique<vulkan::Buffer>(library.device(), features.shape.bytes(),
                                                      vulkan::MemoryKind::device);
      const vulkan::Region to = targets[row]->all();
      program.add({features.value}, [=](kernels::Context& context, const Program::Memory& memory) {
        context.recorder.copy(memory[features].region, to);
      });
    }
  };
  add_forward(program, network, recipe, library.caps(), program.external(image.buffer->all()), content.height,
              content.width, false, tap);
  program.allocate(library.device(), library.caps());
  run_once(library, [&](kernels::Context& context) { program.record(context); });
  return targets;
}

}  // namespace impasto::plan
