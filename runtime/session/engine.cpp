// Finds the cache, and counts the layers a recipe needs.
#include "session/engine.h"

#include "base/user_folder.h"

#include <algorithm>
#include <chrono>

namespace impasto::session {

std::filesystem::path cache_directory() {
  return user_folder("XDG_CACHE_HOME", ".cache");
}

size_t depth_of(const network::Network& network, const Recipe& recipe) {
  size_t depth = 0;
  for (const std::vector<LayerWeight>* layers : {&recipe.content_layers, &recipe.style_layers})
    for (const LayerWeight& row : *layers) depth = std::max(depth, network.find(row.layer) + 1);
  return depth;
}

kernels::Element element_of(Precision precision) {
  return precision == Precision::fp16 ? kernels::Element::fp16 : kernels::Element::fp32;
}

std::string precision_text(kernels::Element element) {
  return element == kernels::Element::fp16 ? "fp16" : "fp32";
}

vulkan::DeviceOptions device_options(const std::string& selector) {
  vulkan::DeviceOptions options;
  options.selector = selector;
  options.cache_directory = cache_directory();
  return options;
}

vulkan::DeviceOptions with_budget(vulkan::DeviceOptions options, const Job& job) {
  options.memory_budget = job.memory_budget;
  return options;
}

kernels::Tuning first_tuning(vulkan::Device& device) {
  constexpr std::chrono::seconds kFirstTuningTime{5};
  if (environment_path("IMPASTO_TUNING") == "off")
    return known_tuning(cache_directory(), device.caps()).value_or(kernels::Tuning{});
  return tuning_of(kernels::Library(device), cache_directory(), kFirstTuningTime);
}

}  // namespace impasto::session
