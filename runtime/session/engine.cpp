// Finds the cache, and counts the layers a recipe needs.
#include "session/engine.h"

#include "base/user_folder.h"

#include <algorithm>

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

}  // namespace impasto::session
