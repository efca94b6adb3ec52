// What the objective compares with: the styles' Gram matrices; and how pictures come to the device.
#pragma once

#include "impasto/image.h"
#include "plan/forward.h"
#include "plan/tiles.h"

#include <vector>

namespace impasto::plan {

// A picture in the optimised variable's range, height × width × 3 floats, into a region of that size.
void upload_image(const vulkan::Region& to, const Image& image, const Recipe& recipe);

// Gram matrices of the recipe's style layers, in its order, as kernels/gram.h lays them out, divided as the recipe says.
using Grams = std::vector<std::vector<float>>;

// tile: the side of the blocks in pixels that the style is evaluated in; 0: whole.
Grams style_grams(kernels::Library& library, const DeviceNetwork& network, const Recipe& recipe,
                  const Image& style, int tile = 0);

// One style of several, by their weights, which are normalised to sum 1.
Grams blended(const std::vector<Grams>& styles, const std::vector<double>& weights);

struct WeightedStyle {
  const Image* image = nullptr;
  double weight = 1;
};

Grams style_targets(kernels::Library& library, const DeviceNetwork& network, const Recipe& recipe,
                    const std::vector<WeightedStyle>& styles, int tile = 0);

// What style_grams holds for a style of this size.
Footprint style_footprint(const vulkan::Caps& caps, const DeviceNetwork& network, const Recipe& recipe,
                          int height, int width, int tile, const Rounding& rounding);

// Submits what `record` records, once, and waits.
void run_once(kernels::Library& library, const std::function<void(kernels::Context&)>& record);

// Floating-point operations after which a new segment begins, so that no submission takes long enough for a driver to kill it; on a
// device that is shared, half a slice of what it does at most, so that one segment runs while the next one waits.
double segment_flops(const vulkan::Device& device);

}  // namespace impasto::plan
