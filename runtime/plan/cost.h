// What an iteration costs, counted before it runs.
#pragma once

#include "plan/device_network.h"
#include "plan/tiles.h"

namespace impasto::plan {

// Floating-point operations of the convolutions, as direct ones would do them, in one direction through the network.
double network_flops(const DeviceNetwork& network, const Recipe& recipe, int height, int width);

// Of an iteration on a picture of this size: forward and back, and what tiles are evaluated forward for the statistics once more.
double iteration_flops(const DeviceNetwork& network, const Recipe& recipe, int height, int width,
                       const Tiling& tiling);

}  // namespace impasto::plan
