// What the objective compares with: the styles' Gram matrices and the content's features.
#pragma once

#include "impasto/image.h"
#include "plan/forward.h"

#include <memory>
#include <vector>

namespace impasto::plan {

// A picture in the optimised variable's range: height × width × 3 floats on the device.
struct DeviceImage {
  std::unique_ptr<vulkan::Buffer> buffer;
  int height = 0;
  int width = 0;
};

DeviceImage upload_image(vulkan::Device& device, const Image& image, const Recipe& recipe);

struct WeightedStyle {
  const Image* image = nullptr;
  double weight = 1;
};

// Gram matrices of the recipe's style layers, in its order, as kernels/gram.h lays them out, divided as the recipe says. Several
// styles are blended by their weights, normalised to sum 1.
std::vector<std::vector<float>> style_targets(kernels::Library& library, const DeviceNetwork& network,
                                              const Recipe& recipe, const std::vector<WeightedStyle>& styles);

// Features of the recipe's content layers, in its order, each in a buffer of its own.
std::vector<std::unique_ptr<vulkan::Buffer>> content_targets(kernels::Library& library,
                                                             const DeviceNetwork& network,
                                                             const Recipe& recipe, const Image& content);

// Submits what `record` records, once, and waits.
void run_once(kernels::Library& library, const std::function<void(kernels::Context&)>& record);

// Floating-point operations after which a new segment begins, so that no submission takes long enough for a driver to kill it.
double segment_flops(const vulkan::Caps& caps);

}  // namespace impasto::plan
